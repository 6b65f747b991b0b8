"""What the reader makes of 200 sentences that were written, with their verdicts, before there was a grammar."""

from __future__ import annotations

from collections import Counter

from sentences.frozen import CONSISTENT, CONTRADICTED, NOT_CHECKABLE, frozen, verdict

#: Hand verdicts that were found wrong later, by their sentence; the frozen file itself is left as it is.
MISTAKEN = {
    # the register's facts hold the month: 25,012 of 50,039 is 49.99, published as 50
    "In February 2026 the recovery rate was 49.0%.": CONTRADICTED,
}


def test_no_frozen_sentence_is_wrongly_contradicted_or_wrongly_consistent_and_nine_in_ten_are_right() -> None:
    outcomes: Counter[str] = Counter()
    wrong = []
    for sentence in frozen():
        right = MISTAKEN.get(sentence.text, sentence.verdict)
        found = verdict(sentence.text, sentence.said_on)
        outcome = "right" if found == right else "unread" if found == NOT_CHECKABLE else "wrong"
        outcomes[outcome] += 1
        if outcome == "wrong":
            wrong.append((right, found, sentence.text))
    assert wrong == []
    assert outcomes["right"] >= 0.9 * outcomes.total()


#: Another file, written by somebody who had not seen the grammar; hand verdicts that the figures or the rules correct.
APART = "sentences_written_apart.tsv"
CORRECTED = {
    # the year has 1,813,432, its months added up 1,772,132
    "Over 1.8 million people were referred in 2024-25.": CONSISTENT,
    # nobody is named, and 26.1% of those who entered treatment did
    "A quarter recovered in 2018-19.": CONSISTENT,
}


def test_sentences_that_were_written_apart_are_not_wrongly_judged_and_nine_in_ten_are_right() -> None:
    found = [
        (CORRECTED.get(each.text, each.verdict), verdict(each.text, each.said_on), each.text) for each in frozen(APART)
    ]

    assert [each for each in found if each[0] != each[1] != NOT_CHECKABLE] == []
    assert sum(right == read for right, read, _ in found) >= 0.9 * len(found)


def test_the_frozen_file_has_its_shares_of_wrong_and_unreadable_sentences() -> None:
    counted = Counter(sentence.verdict for sentence in frozen())
    assert counted == {CONSISTENT: 81, CONTRADICTED: 65, NOT_CHECKABLE: 54}
