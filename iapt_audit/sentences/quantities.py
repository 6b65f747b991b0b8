"""Read quantities: numbers in digits and in words, percentages, fractions, ranges, money, durations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.sentences.items import Figure, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iapt_audit.sentences.tokens import Token

_MULTIPLES = {
    "million": 10**6, "m": 10**6, "mn": 10**6, "mill": 10**6, "millions": 10**6, "thousand": 1000, "k": 1000,
    "billion": 10**9, "bn": 10**9,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6,
    "sixths": 6, "seventh": 7, "eighth": 8, "eighths": 8, "ninth": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
_POINTS = {"points", "point", "pp", "ppt", "ppts"}
_DAYS = {
    "day": 1, "days": 1, "week": 7, "weeks": 7, "wk": 7, "wks": 7, "month": 0, "months": 0, "hour": 0, "hours": 0,
    "minute": 0, "minutes": 0,
}  # fmt: skip
_MONEY = {"£", "$", "€"}
_MONEY_WORDS = {"pounds", "pound", "gbp", "dollars", "euros", "pence", "p"}
_NOT_AFTER = {"first", "second", "last", "the", "this", "each", "every", "other", "next", "previous", "latest", "per"}
#: After `half` these make another thing of it: half a year.
_NOT_HALF = {"a", "year", "-", "yearly", "term", "time"}
_GROUP = 3
_HUNDRED = 100
_TEN = 10


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure, where it ends, and for a duration how many days (0 if that is not sure)."""

    figure: Figure
    end: int
    days: int = 0


class Quantities:
    """Read the quantities of one sentence."""

    def __init__(self, tokens: Sequence[Token], words: Mapping[str, int]) -> None:
        """Take the tokens of a sentence and the words for numbers."""
        self.tokens = tokens
        self.words = words

    def text(self, at: int) -> str:
        """Return the text of a token, empty beyond the sentence."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def read(self, at: int) -> Quantity | None:
        """Read the quantity that begins at a token, None if none does."""
        found = self._money(at) or self._range(at) or self._ratio(at) or self._fraction(at) or self._number(at)
        if found is not None and found.figure.unit is Unit.NUMBER and self.text(at - 1) == "every":
            # of every hundred so many: the other number is no count
            return Quantity(Figure(f"every {found.figure.text}", Unit.OTHER, found.figure.number), found.end)
        return found

    def _money(self, at: int) -> Quantity | None:
        if self.text(at) not in _MONEY and self.text(at) != "gbp":
            return None
        found = self.value(at + 1)
        if found is None:
            return None
        return Quantity(Figure(self.text(at) + found[0], Unit.MONEY), found[1])

    def value(self, at: int) -> tuple[str, int, bool] | None:
        """Read a plain number with its million: as `--figure` takes it, where it ends, and whether it was in words."""
        found = self._digits(at) or self._in_words(at)
        if found is None:
            return None
        text, end, worded = found
        multiple = _MULTIPLES.get(self.text(end))
        if multiple is not None and self._is_multiple(end, worded=worded):
            return self._times(text, multiple), end + 1, worded
        if self.text(end) == "hundred" and self.text(end + 1) == "thousand":
            return self._times(text, 10**5), end + 2, worded
        return text, end, worded

    def _is_multiple(self, at: int, *, worded: bool) -> bool:
        short = len(self.text(at)) <= 2  # noqa: PLR2004 - `m`, `k`, `bn`
        return not short or (not worded and self.tokens[at].start == self.tokens[at - 1].end)

    @staticmethod
    def _times(text: str, multiple: int) -> str:
        """Write a number so that its precision is kept: 1.60m stays 1.60 million."""
        name = {10**6: "million", 10**9: "billion", 1000: "thousand"}.get(multiple)
        if name is not None:
            return f"{text} {name}"
        return f"{int(Fraction(text) * multiple):,}"

    def _digits(self, at: int) -> tuple[str, int, bool] | None:
        if at >= len(self.tokens) or not self.tokens[at].is_number:
            return None
        text, end = self.text(at), at + 1
        if "," not in text and "." not in text and len(text) <= _GROUP and not text.startswith("0"):
            while self._is_group(end):
                text, end = f"{text},{self.text(end)}", end + 1
        if self.text(end) == "," and self._is_decimal_comma(at, end):
            text, end = f"{text}.{self.text(end + 1)}", end + 2
        return text, end, False

    def _is_group(self, at: int) -> bool:
        """Return whether a number of three digits follows on the one before, one blank apart, as thousands do."""
        if at >= len(self.tokens) or not self.tokens[at].is_number or len(self.text(at)) != _GROUP:
            return False
        return self.text(at).isdecimal() and self.tokens[at].start - self.tokens[at - 1].end == 1

    def _is_decimal_comma(self, at: int, comma: int) -> bool:
        following = comma + 1
        if following >= len(self.tokens) or not self.tokens[following].is_number:
            return False
        stuck = (
            self.tokens[comma].start == self.tokens[at].end and self.tokens[following].start == self.tokens[comma].end
        )
        return stuck and len(self.text(following)) <= 2 and "." not in self.text(at)  # noqa: PLR2004 - decimals

    def _in_words(self, at: int) -> tuple[str, int, bool] | None:
        """Read `fifty-one`, `seven hundred thousand`, `six and a half`, `one and a quarter`."""
        total, current, end = 0, 0, at
        while True:
            number = self.words.get(self.text(end))
            if number is not None and self._goes_on(current, number, started=end > at):
                current, end = current + number, end + 1
            elif self.text(end) == "hundred" and 0 < current < _TEN:
                thousands = self.text(end + 1) == "thousand"
                total, current, end = (
                    (total + current * 10**5, 0, end + 2) if thousands else (total, current * _HUNDRED, end + 1)
                )
            elif self.text(end) == "thousand" and current:
                total, current, end = total + current * 1000, 0, end + 1
            elif end > at and self._joins(end, current):
                end += 1
            else:
                break
        return self._worded(total + current, end) if end > at else self._round_words(at)

    @staticmethod
    def _goes_on(current: int, number: int, *, started: bool) -> bool:
        """Return whether a number word goes on with those before it: `fifty one`, `seven hundred fifty`."""
        last = current % _HUNDRED
        return not started or last == 0 or (last >= 2 * _TEN and last % _TEN == 0 and number < _TEN)

    def _joins(self, at: int, current: int) -> bool:
        """Return whether a hyphen or `and` joins number words: `fifty-one`, `one hundred and five`."""
        following = self.words.get(self.text(at + 1))
        if following is None:
            return False
        if self.text(at) == "-":
            return following < _TEN and current % _HUNDRED >= 2 * _TEN and current % _TEN == 0
        return self.text(at) == "and" and current > 0 and current % _HUNDRED == 0

    def _worded(self, number: int, end: int) -> tuple[str, int, bool]:
        decimals = self._decimals(end)
        if decimals:
            return f"{number}.{decimals}", end + 1 + len(decimals), True
        part = self._and_a_part(end)
        if part is None:
            return f"{number:,}", end, True
        return f"{float(number + part):g}", end + 3, True

    def _decimals(self, at: int) -> str:
        """Read the digits of `point five`, empty if there are none."""
        digits = ""
        while self.text(at) == "point" and (number := self.words.get(self.text(at + 1 + len(digits)))) is not None:
            if number >= _TEN:
                break
            digits += str(number)
        return digits

    def _round_words(self, at: int) -> tuple[str, int, bool] | None:
        """Read `a million`, `a hundred`, `half a million`."""
        if self.text(at) in {"a", "one"} and self.text(at + 1) in {"million", "thousand", "billion"}:
            return "1", at + 1, True
        if self.text(at) == "a" and self.text(at + 1) == "hundred":
            return "100", at + 2, True
        if self.text(at) == "half" and self.text(at + 1) == "a" and self.text(at + 2) == "million":
            return "500,000", at + 3, True
        return None

    def _and_a_part(self, at: int) -> Fraction | None:
        if self.text(at) == "and" and self.text(at + 1) in {"a", "one"} and self.text(at + 2) in {"half", "quarter"}:
            return Fraction(1, _PARTS[self.text(at + 2)])
        return None

    def _fraction(self, at: int) -> Quantity | None:
        """Read `half`, `a third`, `two-thirds`, `three quarters`."""
        word = self.text(at)
        if word == "half" or (word in {"a", "one"} and self.text(at + 1) == "half"):
            end = at + 1 if word == "half" else at + 2
            other = self.text(at - 1) in _NOT_AFTER - {"the", "per"} or self.text(end) in _NOT_HALF
            return None if other else Quantity(Figure("half", Unit.FRACTION), end)
        many = 1 if word in {"a", "one"} else self.words.get(word)
        end = at + 2 if self.text(at + 1) == "-" else at + 1
        whole = _PARTS.get(self.text(end))
        if many is None or whole is None or whole <= many or (many == 1) is self.text(end).endswith("s"):
            return None
        if self.text(end + 1) in {"year", "party", "time", "of", "-"} and self.text(end) == "second":
            return None
        if self.text(end + 1) in {"million", "time", "party", "year"}:
            return None
        return Quantity(Figure(self._spoken(many, whole), Unit.FRACTION), end + 1)

    @staticmethod
    def _spoken(many: int, whole: int) -> str:
        names = {3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 10: "tenth"}
        known = {(1, 3): "a third", (2, 3): "two thirds", (1, 4): "a quarter", (3, 4): "three quarters"}
        known |= {(1, 5): "a fifth", (2, 5): "two fifths", (3, 5): "three fifths", (4, 5): "four fifths"}
        known |= {(1, 6): "a sixth", (1, 10): "a tenth"} if whole in names else {}
        return known.get((many, whole), f"{many} in {whole}")

    def _ratio(self, at: int) -> Quantity | None:
        """Read `one in five`, `7 out of 10`, `98 in every 100`, `nine in ten`."""
        part = self.value(at)
        if part is None:
            return None
        end = part[1]
        if self.text(end) == "-":
            end += 1
        joined = self._joined(end)
        if joined is None:
            return None
        whole = self.value(joined)
        if whole is None:
            return None
        numbers = part[0].replace(",", ""), whole[0].replace(",", "")
        if not all(each.isdecimal() for each in numbers) or not 0 < int(numbers[0]) <= int(numbers[1]) <= 1000:  # noqa: PLR2004 - nobody says so many in more
            return None
        if len(numbers[1]) == 4 or self.text(whole[1]) in {"%", "per", "percent", *_DAYS, "-", "/"}:  # noqa: PLR2004 - a year, not a whole
            return None
        return Quantity(Figure(f"{numbers[0]} in {numbers[1]}", Unit.FRACTION), whole[1])

    def _joined(self, at: int) -> int | None:
        if self.text(at) == "in":
            return at + 2 if self.text(at + 1) in {"every", "-"} else at + 1
        if self.text(at) == "out" and self.text(at + 1) == "of":
            return at + 3 if self.text(at + 2) == "every" else at + 2
        if self.text(at) == "of" and self.text(at + 1) == "every":
            return at + 2
        return None

    def _range(self, at: int) -> Quantity | None:
        """Read `40 to 45%`, `40%-45%`, and after `between` also `40% and 45%`."""
        first = self._number(at)
        if first is None or first.figure.unit not in {Unit.PERCENTAGE, Unit.NUMBER, Unit.POINTS}:
            return None
        between = self.text(at - 1) == "between"
        joins = {"and", "-", "to"} if between else {"-", "to"}
        if self.text(first.end) not in joins or self.text(at - 1) == "from":
            return None
        second = self._number(first.end + 1)
        if second is None or second.figure.unit not in {first.figure.unit, Unit.PERCENTAGE}:
            return None
        low, high = first.figure.number, second.figure.number
        try:
            if Fraction(low.replace(",", "")) >= Fraction(high.replace(",", "")):
                return None
        except ValueError:
            return None
        sign = "%" if second.figure.unit is Unit.PERCENTAGE else ""
        return Quantity(Figure(f"{low} to {high}{sign}", second.figure.unit), second.end)

    def _number(self, at: int) -> Quantity | None:
        found = self.value(at)
        if found is None:
            return None
        text, end, _ = found
        return self._with_unit(text, end)

    def _with_unit(  # noqa: PLR0911 - one exit a unit
        self, text: str, end: int
    ) -> Quantity:
        word, following = self.text(end), self.text(end + 1)
        if word == "-" and following in {*_DAYS, "point", "points"}:
            end, word, following = end + 1, following, self.text(end + 2)
        percent = self._percent(end)
        if percent is not None:
            return Quantity(Figure(f"{text}%", Unit.POINTS if percent[1] else Unit.PERCENTAGE, text), percent[0])
        if word in _POINTS or (word == "percentage" and following in _POINTS):
            return Quantity(Figure(text, Unit.POINTS, text), end + (2 if word == "percentage" else 1))
        if word in _DAYS:
            days = int(text) * _DAYS[word] if text.isdecimal() else 0
            return Quantity(Figure(f"{text} {word}", Unit.DURATION, text), end + 1, days)
        if word in _MONEY_WORDS:
            return Quantity(Figure(f"{text} {word}", Unit.MONEY, text), end + 1)
        so_many = self._in_so_many(end)
        if so_many:
            return Quantity(Figure(f"{text} in so many", Unit.OTHER, text), so_many)
        if word in {"st", "nd", "rd", "th"} and end < len(self.tokens):
            return Quantity(Figure(f"{text}{word}", Unit.OTHER, text), end + 1)
        return Quantity(Figure(text, Unit.NUMBER, text), end)

    def _in_so_many(self, at: int) -> int:
        """Say where `18 referrals for every 1,000` ends, 0 if it is no such thing."""
        for end in range(at, at + 3):
            if self.text(end) in {"per", "every"} and self.text(end + 1)[:1].isdigit():
                return end + 2
        return 0

    def _percent(self, at: int) -> tuple[int, bool] | None:
        """Say where a per cent sign or word ends, and whether it is of points."""
        word, following = self.text(at), self.text(at + 1)
        if word in {"%", "percent", "pc"}:
            end = at + 1
        elif word == "per" and following == "cent":
            end = at + 2
        elif word == "percentage" and following in _POINTS:
            return at + 2, True
        else:
            return None
        if self.text(end) in _POINTS:
            return end + 1, True
        # a footnote's digit that sticks to the sign
        if end < len(self.tokens) and self.tokens[end].is_number and self.tokens[end].start == self.tokens[end - 1].end:
            end += 1
        return end, False
