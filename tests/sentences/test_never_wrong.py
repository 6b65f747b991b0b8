"""Sentences that a reader in a hurry gets wrong: each must stay unread, or have just this verdict."""

from __future__ import annotations

import pytest
from sentences.frozen import CONSISTENT, CONTRADICTED, NOT_CHECKABLE, verdict

CASES = [
    ("Recovery was short of its target by 32% in 2022-23.", NOT_CHECKABLE),
    ("Great news: a whopping 110% recovered in 2023-24!", NOT_CHECKABLE),
    ("Not 50.1% but 45% recovered in 2023-24.", NOT_CHECKABLE),
    ("Recovery was 50.1% higher in 2023-24.", NOT_CHECKABLE),
    ("Some 30% of the 1.83 million referred in 2023-24 were under 25.", NOT_CHECKABLE),
    ("Waits of more than six weeks rose by 55% in 2023-24.", NOT_CHECKABLE),
    ("Only 40% of those who recovered in 2023-24 had waited under six weeks.", NOT_CHECKABLE),
    ("In 2024-25 there were 18 referrals for every 1,000 adults.", NOT_CHECKABLE),
    ("Of every 100 people who finished treatment at caseness, 51 recovered in 2020-21.", NOT_CHECKABLE),
    # 50.5 as printed, in words
    ("Fifty point five per cent recovered in 2024-25.", CONSISTENT),
    ("Fifty-five point five per cent recovered in 2024-25.", CONTRADICTED),
    # the months of both years added up fell by 1.9%, the years by 0.9%
    ("Referrals in 2024-25 fell by 1.9% on the year before.", NOT_CHECKABLE),
    ("Referrals in 2024-25 fell by 3.9% on the year before.", CONTRADICTED),
    # 321,061 less 318,013 is 3,048
    ("3,048 more people recovered in 2024-25 than in 2023-24.", CONSISTENT),
    ("30,480 more people recovered in 2024-25 than in 2023-24.", CONTRADICTED),
    # the two ends of a change are of one population, though each alone fits one: 48.07 is of all who finished
    ("Recovery fell from 52.1% in 2018-19 to 48.1% in 2019-20.", CONTRADICTED),
    # the lowest of these years is 49.85, in 2022-23
    ("Since 2017-18 recovery has never fallen below 49%.", CONSISTENT),
    ("Since 2017-18 recovery has never fallen below 50%.", CONTRADICTED),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:50] for text, _ in CASES])
def test_what_is_easily_misread_is_not(text: str, expected: str) -> None:
    assert verdict(text) == expected
