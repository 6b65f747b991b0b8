"""
Read the tiny grammar of definitions: signed sums of names, and comparisons of two such sums.

    sum        := ["-"] name (("+" | "-") name)*
    comparison := sum ("=" | "<=") sum

A name is a concept such as `recovered`, or a measure as a publication calls it, such as `M191` or `Recovery`. It is
parsed here and never evaluated as Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<sign>[+-])|(?P<relation><=|=)|(?P<other>\S))")


class ExpressionError(ValueError):
    """The text is not of the grammar; the message says where."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name with its sign, +1 or -1."""

    name: str
    sign: Literal[1, -1]


@dataclass(frozen=True, slots=True)
class Sum:
    """A signed sum of distinct names, in the order written."""

    terms: tuple[Term, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in the order written."""
        return tuple(term.name for term in self.terms)

    def renamed(self, names: Sequence[str]) -> Sum:
        """Return the same sum of other names, one for each."""
        return Sum(tuple(Term(name, term.sign) for term, name in zip(self.terms, names, strict=True)))

    def __str__(self) -> str:
        """Write the sum as it would be typed."""
        head, *tail = self.terms
        first = head.name if head.sign == 1 else f"-{head.name}"
        return first + "".join(f" {'+' if term.sign == 1 else '-'} {term.name}" for term in tail)


@dataclass(frozen=True, slots=True)
class SumComparison:
    """Two sums and how they stand to each other."""

    left: Sum
    relation: Literal["=", "<="]
    right: Sum

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of both sides in the order written."""
        return self.left.names + self.right.names

    def __str__(self) -> str:
        """Write the comparison as it would be typed."""
        return f"{self.left} {self.relation} {self.right}"


def parse_sum(text: str) -> Sum:
    """
    Parse a signed sum of names.

    Raises:
        ExpressionError: If the text is no such sum, or a name stands twice.

    >>> str(parse_sum("finished -not_at_caseness"))
    'finished - not_at_caseness'
    >>> parse_sum("__import__('os')")
    Traceback (most recent call last):
    ...
    iapt_audit.definitions.expressions.ExpressionError: expected a name at character 1, got `_`
    """
    tokens = _tokens(text)
    if any(kind == "relation" for kind, _, _ in tokens):
        message = "expected a sum, got a comparison"
        raise ExpressionError(message)
    return _sum(tokens, text)


def parse_comparison(text: str) -> SumComparison:
    """
    Parse a comparison of two signed sums.

    Raises:
        ExpressionError: If the text is no such comparison.

    >>> str(parse_comparison("M277+M276<=M273"))
    'M277 + M276 <= M273'
    """
    tokens = _tokens(text)
    places = [index for index, (kind, _, _) in enumerate(tokens) if kind == "relation"]
    if len(places) != 1:
        message = f"expected one `=` or `<=`, got {len(places)}"
        raise ExpressionError(message)
    (at,) = places
    relation: Literal["=", "<="] = "=" if tokens[at][1] == "=" else "<="
    return SumComparison(_sum(tokens[:at], text), relation, _sum(tokens[at + 1 :], text))


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        found.append((kind, match[kind], match.start(kind) + 1))
    return found


def _sum(tokens: list[tuple[str, str, int]], text: str) -> Sum:
    terms: list[Term] = []
    sign: Literal[1, -1] = 1
    wants_name = True
    for kind, value, at in tokens:
        if wants_name and kind == "sign" and not terms and value == "-" and sign == 1:
            sign = -1
        elif wants_name and kind == "name":
            if any(term.name == value for term in terms):
                message = f"the name `{value}` stands twice"
                raise ExpressionError(message)
            terms.append(Term(value, sign))
            wants_name = False
        elif not wants_name and kind == "sign":
            sign = 1 if value == "+" else -1
            wants_name = True
        else:
            message = f"expected {'a name' if wants_name else '`+` or `-`'} at character {at}, got `{value}`"
            raise ExpressionError(message)
    if wants_name:
        message = f"expected a name at the end of `{text.strip()}`" if text.strip() else "expected a name, got nothing"
        raise ExpressionError(message)
    return Sum(tuple(terms))
