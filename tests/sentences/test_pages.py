"""What a sentence leaves out is taken from those before it, and said to be; what is not sure is not taken."""

from __future__ import annotations

import pytest
from sentences.frozen import CONSISTENT, CONTRADICTED, NOT_CHECKABLE, judged


def verdicts(text: str) -> list[str]:
    return [each.verdict.value for each in judged(text) if each.figures]


def test_a_period_is_taken_from_the_sentence_before_and_that_is_said() -> None:
    first, second = judged("In 2024-25, 50.5% recovered. Nine in ten were seen within six weeks.")

    assert (first.verdict.value, second.verdict.value) == (CONSISTENT, CONSISTENT)
    assert [each.read.taken for each in first.figures] == [()]
    assert [each.read.taken for each in second.figures] == [("2024-25 from the sentences before",)]


def test_a_figure_that_is_wrong_for_the_period_before_is_contradicted() -> None:
    assert verdicts("In 2024-25, 50.5% recovered. Only 60% were seen within six weeks.") == [CONSISTENT, CONTRADICTED]


@pytest.mark.parametrize(
    "between",
    [
        "In 2023 it was another matter.",
        "Five years ago nobody knew.",
        "Before the pandemic it was worse.",
        "It was 49.9% in 2022-23 and 50.1% in 2023-24.",
    ],
)
def test_no_period_is_taken_across_another_that_may_be_meant(between: str) -> None:
    found = verdicts(f"In 2024-25, 50.5% recovered. {between} Only 60% were seen within six weeks.")

    assert found[0] == CONSISTENT
    assert found[-1] == NOT_CHECKABLE


PAGE = (
    "<html><head><title>Recovery</title><style>p { width: 50% }</style></head><body><h1>Results of 2019-20</h1>"
    "<p>In 2024&#8209;25, 50.5%<sup>1</sup> recovered.</p><!-- 12% --><script>var x = '99% recovered in 2024-25.';"
    "</script><ul><li>91.6% were seen in six weeks in 2024-25</li><li>50\u00b75% recovered in 2024-25</li></ul></body>"
)


def test_a_page_is_judged_sentence_by_sentence_with_its_places() -> None:
    found = [each for each in judged(PAGE) if each.figures]

    assert [each.verdict.value for each in found] == [CONSISTENT] * 3
    assert [PAGE[each.read.start : each.read.end][:12] for each in found] == [
        "In 2024&#820",
        "91.6% were s",
        "50\u00b75% recove",
    ]
