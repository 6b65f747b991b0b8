from collections.abc import Callable

import pytest

from iapt_audit.definitions import expressions
from iapt_audit.definitions.expressions import ExpressionError, parse_comparison, parse_sum


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("finished", [("finished", 1)]),
        ("  finished  ", [("finished", 1)]),
        ("-finished", [("finished", -1)]),
        ("finished - not_at_caseness", [("finished", 1), ("not_at_caseness", -1)]),
        ("finished-not_at_caseness", [("finished", 1), ("not_at_caseness", -1)]),
        ("- a\n+ b\t- c", [("a", -1), ("b", 1), ("c", -1)]),
        ("m2 + m10", [("m2", 1), ("m10", 1)]),
        ("M191 - EA001", [("M191", 1), ("EA001", -1)]),
        ("EndedReferrals", [("EndedReferrals", 1)]),
    ],
)
def test_sum_keeps_its_names_in_order_and_their_signs(text: str, terms: list[tuple[str, int]]) -> None:
    actual = parse_sum(text)

    assert terms == [(term.name, term.sign) for term in actual.terms]
    assert tuple(name for name, _ in terms) == actual.names


@pytest.mark.parametrize("text", ["a", "-a", "a + b", "a - b + c", "-a - b"])
def test_sum_is_written_as_it_would_be_typed(text: str) -> None:
    actual = str(parse_sum(text))

    assert text == actual


@pytest.mark.parametrize(
    ("text", "left", "relation", "right"),
    [
        ("recovered <= finished", "recovered", "<=", "finished"),
        ("a+b=c-d", "a + b", "=", "c - d"),
        (" -a  =  -b ", "-a", "=", "-b"),
        ("a <= a", "a", "<=", "a"),
    ],
)
def test_comparison_is_two_sums_and_how_they_stand(text: str, left: str, relation: str, right: str) -> None:
    actual = parse_comparison(text)

    assert (left, relation, right) == (str(actual.left), actual.relation, str(actual.right))


@pytest.mark.parametrize("text", ["M023 = M024 + M025", "-a - b <= c", "a <= b - c"])
def test_comparison_is_written_as_it_would_be_typed_and_names_both_its_sides(text: str) -> None:
    actual = parse_comparison(text)

    assert text == str(actual)
    assert actual.names == (*actual.left.names, *actual.right.names)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a name, got nothing"),
        ("   ", "expected a name, got nothing"),
        ("-", "expected a name at the end of `-`"),
        ("a +", "expected a name at the end of `a +`"),
        ("a b", "expected `+` or `-` at character 3, got `b`"),
        ("+ a", "expected a name at character 1, got `+`"),
        ("--a", "expected a name at character 2, got `-`"),
        ("a + - b", "expected a name at character 5, got `-`"),
        ("a + a", "the name `a` stands twice"),
        ("a + b - a", "the name `a` stands twice"),
        ("a = b", "expected a sum, got a comparison"),
        ("a <= b", "expected a sum, got a comparison"),
        ("a < b", "expected `+` or `-` at character 3, got `<`"),
        ("a * b", "expected `+` or `-` at character 3, got `*`"),
        ("(a + b)", "expected a name at character 1, got `(`"),
        ("_recovered", "expected a name at character 1, got `_`"),
        ("a\N{FULLWIDTH PLUS SIGN}b", "expected `+` or `-` at character 2, got `\N{FULLWIDTH PLUS SIGN}`"),
        ("\N{CYRILLIC SMALL LETTER A}", "expected a name at character 1, got `\N{CYRILLIC SMALL LETTER A}`"),
    ],
)
def test_faulty_sum_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_sum(text)

    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected one `=` or `<=`, got 0"),
        ("a + b", "expected one `=` or `<=`, got 0"),
        ("a = b = c", "expected one `=` or `<=`, got 2"),
        ("a == b", "expected one `=` or `<=`, got 2"),
        ("a <= b <= c", "expected one `=` or `<=`, got 2"),
        ("a >= b", "expected `+` or `-` at character 3, got `>`"),
        ("a =", "expected a name at the end of `a =`"),
        ("= a", "expected a name at the end of `= a`"),
        ("a + = b", "expected a name at the end of `a + = b`"),
        ("a <= 0", "expected a name at character 6, got `0`"),
        ("a + a = b", "the name `a` stands twice"),
    ],
)
def test_faulty_comparison_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_comparison(text)

    assert message == str(caught.value)


@pytest.mark.parametrize("parse", [parse_sum, parse_comparison])
@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a = __import__('os')",
        "exit()",
        "a = exit()",
        "a.b",
        "a = a.b",
        "a.__class__",
        "a[b]",
        "a[0] = b",
        "1",
        "a = 1",
        "2 + a",
        "a + 2",
        "a ** b",
        "a if b else c",
        "a := b",
        "lambda: a",
        "'a'",
        "a; b",
        "f'{a}'",
        "a # b",
    ],
)
def test_python_is_refused_or_read_as_a_name_and_never_run(parse: Callable[[str], object], text: str) -> None:
    if text == "lambda" and parse is parse_sum:
        # a word of Python is to the grammar a name like any other
        assert parse_sum(text).names == ("lambda",)
        return

    with pytest.raises(ExpressionError):
        parse(text)


def test_word_of_python_is_a_name_like_any_other() -> None:
    actual = str(parse_sum("lambda - import"))

    expected = "lambda - import"
    assert expected == actual


def test_module_calls_nothing_that_runs_text() -> None:
    names = set(vars(expressions)) | set(parse_sum.__code__.co_names) | set(parse_comparison.__code__.co_names)

    assert set() == names & {"eval", "exec", "compile", "ast", "__import__"}
