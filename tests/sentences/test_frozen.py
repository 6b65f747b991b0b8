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


def test_the_frozen_file_has_its_shares_of_wrong_and_unreadable_sentences() -> None:
    counted = Counter(sentence.verdict for sentence in frozen())
    assert counted == {CONSISTENT: 81, CONTRADICTED: 65, NOT_CHECKABLE: 54}
