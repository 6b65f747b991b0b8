"""
Draw: one function gives the Vega-Lite specification of one kind of chart, without its figures.

The only module that knows altair, which is slow: a chart that says the same as another is made once and kept. Every
kind tells apart by shape, dash or place as well as by colour; the colours are those of Okabe and Ito (2008), which most
readers with a colour vision deficiency tell apart, and differ in lightness.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt

from iapt_audit.model.columns import Standing
from iapt_audit.outputs.wording import STANDINGS

if TYPE_CHECKING:
    from iapt_audit.report.elements import Spec

#: Heads and columns of what a pointer shows.
Told = tuple[tuple[str, str], ...]

#: What altair gives for a chart, layered or not.
Drawn = alt.LayerChart | alt.FacetChart | alt.Chart

#: What is said where there is no standard.
NO_STANDARD = "no standard"

_INK, _FAINT = "#222222", "#8a8a8a"
_LOOK = {
    STANDINGS[Standing.MET]: ("#0072B2", "circle"),
    STANDINGS[Standing.MET_ONLY_AFTER_ROUNDING]: ("#56B4E9", "triangle-up"),
    STANDINGS[Standing.NOT_MET]: ("#D55E00", "square"),
    STANDINGS[Standing.UNDECIDED]: ("#6b6b6b", "cross"),
    NO_STANDARD: (_INK, "diamond"),
}
#: In a stack they lie beside each other, and differ by lightness.
_FILLS = {STANDINGS[Standing.UNDECIDED]: "#d9d9d9"}
_SERIES = ("#0072B2", "#D55E00", "#009E73", "#7b4173", "#222222")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
_STANDARD_DASH = [5, 4]
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 6])
_HEIGHT = 300
#: No more ticks than there are whole numbers; a least step alone lets Vega halve it.
_WHOLE = alt.ExprRef("max(1, min(ceil(height / 40), domain('y')[1]))")
_ROW_HEIGHT = 26


def _figures() -> alt.Chart:
    return alt.Chart(alt.NamedData(name="figures"))


def _finish(chart: Drawn, height: int = _HEIGHT) -> Spec:
    """Make it as wide as its place, and leave what it says to the words beside it: screen readers get those."""
    size = alt.AutoSizeParams(type="fit-x", contains="padding")
    chart = chart.properties(width="container", height=height, autosize=size)
    chart = (
        chart.configure(aria=False, background="#ffffff", font="system-ui, -apple-system, 'Segoe UI', sans-serif")
        .configure_axis(
            labelFontSize=12, titleFontSize=12, labelColor=_INK, titleColor=_INK, gridColor="#e4e4e4", labelSeparation=8
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, orient="bottom", labelLimit=0)
        .configure_view(stroke=None)
        # a period without a figure keeps its place
        .configure_mark(invalid="break-paths-show-domains")
    )
    spec: dict[str, Any] = chart.to_dict()
    # several keys stand under each other (Vega knows this, altair does not)
    spec["config"]["legend"]["layout"] = {"bottom": {"direction": "vertical"}}
    # how wide a key is in letters, so that an image knows how many stand side by side
    spec["usermeta"] = {"key": max(map(len, _keys(spec)), default=0)}
    return spec


def _keys(spec: object) -> set[str]:
    """Gather what the keys of a specification say."""
    if isinstance(spec, list):
        return {text for each in spec for text in _keys(each)}
    if not isinstance(spec, dict):
        return set()
    own = spec.get("domain", []) if "range" in spec else []
    return {str(text) for text in own} | {text for each in spec.values() for text in _keys(each)}


def columns_of_key(spec: Spec, width: int) -> int:
    """Say how many entries of a key stand side by side in an image, whose width is in pixels."""
    letters: int = spec["usermeta"]["key"]
    return max(1, width // (letters * 7 + 44))


def _tooltip(fields: Told) -> list[alt.Tooltip]:
    return [alt.Tooltip(field=column, type="nominal", title=head) for head, column in fields]


def _period() -> alt.X:
    return alt.X("period:O", sort=None, title=None, axis=alt.Axis(labelAngle=-45, labelOverlap="greedy"))


def _by_standing(names: tuple[str, ...]) -> tuple[alt.Color, alt.Shape]:
    looks = [_LOOK[name] for name in names]
    # one look alone needs no key
    key = alt.Undefined if len(names) > 1 else None
    colours = alt.Scale(domain=list(names), range=[colour for colour, _ in looks])
    shapes = alt.Scale(domain=list(names), range=[shape for _, shape in looks])
    return (
        alt.Color("standing:N", title=None, scale=colours, legend=key),
        alt.Shape("standing:N", title=None, scale=shapes, legend=key),
    )


def _percentages(channel: type[alt.Y | alt.X], field: str, *, zero: bool) -> Any:  # noqa: ANN401 -- either channel
    axis = alt.Axis(labelExpr="datum.label + '%'", tickCount=6, grid=True)
    return channel(field, title=None, axis=axis, scale=alt.Scale(zero=zero, padding=0 if zero else 12))


def _dashes(names: tuple[str, ...], looks: tuple[list[int], ...], standard: float | None) -> alt.StrokeDash:
    """Tell lines apart by their dashes; that of the standard has its place in the key, where no mark covers it."""
    if standard is not None:
        names, looks = (*names, _standard(standard)), (*looks, _STANDARD_DASH)
    scale = alt.Scale(domain=list(names), range=list(looks))
    return alt.StrokeDash("which:N", title=None, legend=alt.Legend(symbolSize=900), scale=scale)


def _standard(level: float) -> str:
    return f"standard: {level:g}%"


def _limit(level: float, dashes: alt.StrokeDash) -> Drawn:
    """Draw a line at a standard."""
    one = alt.Chart(alt.InlineData(values=[{"which": _standard(level)}]))
    line: alt.Chart = one.mark_rule(color=_INK, strokeWidth=1.5).encode(y=alt.datum(level), strokeDash=dashes)
    return line


def standings(*, standard: bool, others: bool) -> tuple[str, ...]:
    """Return the standings that a chart has a key for: those of a standard, and of what is held to none."""
    return (*(STANDINGS.values() if standard else ()), *((NO_STANDARD,) if others or not standard else ()))


@cache
def course(names: tuple[str, ...], standard: float | None, tooltip: Told) -> Spec:
    """
    Draw a rate from period to period, each from its least to its greatest value, beside its standard.

    Args:
        names: The standings that have a key (`standings`).
        standard: The percentage that a line is drawn at.
        tooltip: Heads and columns of what a pointer shows.

    Figures: period, low, high, middle (percentages), standing.
    """
    colour, shape = _by_standing(names)
    y = _percentages(alt.Y, "low:Q", zero=False)
    bars = _figures().mark_rule(strokeWidth=2).encode(x=_period(), y=y, y2="high:Q", color=colour)
    points = (
        _figures()
        .mark_point(filled=True, size=70, opacity=1)
        .encode(x=_period(), y="middle:Q", color=colour, shape=shape, tooltip=_tooltip(tooltip))
    )
    layers = [] if standard is None else [_limit(standard, _dashes((), (), standard))]
    return _finish(alt.layer(*layers, bars, points))


@cache
def lines(kinds: tuple[str, ...], tooltip: Told, *, percentages: bool) -> Spec:
    """
    Draw several figures from period to period; a line breaks where there is no figure.

    Args:
        kinds: The figures, each with a look of its own.
        tooltip: Heads and columns of what a pointer shows.
        percentages: Whether they are, or else numbers.

    Figures: period, kind, low, high, middle.
    """
    domain = list(kinds)
    count = len(domain)
    colour = alt.Color(
        "kind:N", title=None, scale=alt.Scale(domain=domain, range=[_SERIES[i % 5] for i in range(count)])
    )
    shape = alt.Shape(
        "kind:N", title=None, scale=alt.Scale(domain=domain, range=[_SHAPES[i % 5] for i in range(count)])
    )
    dash = alt.StrokeDash(
        "kind:N", title=None, scale=alt.Scale(domain=domain, range=[_DASHES[i % 5] for i in range(count)])
    )
    y = _percentages(alt.Y, "middle:Q", zero=True) if percentages else alt.Y("middle:Q", title=None)
    drawn = _figures().mark_line(strokeWidth=2).encode(x=_period(), y=y, color=colour, strokeDash=dash)
    spans = _figures().mark_rule(strokeWidth=2).encode(x=_period(), y="low:Q", y2="high:Q", color=colour)
    points = (
        _figures()
        .mark_point(filled=True, size=50, opacity=1)
        .encode(x=_period(), y="middle:Q", color=colour, shape=shape, tooltip=_tooltip(tooltip))
    )
    return _finish(alt.layer(drawn, spans, points))


@cache
def shares(names: tuple[str, ...], tooltip: Told) -> Spec:
    """
    Draw one number as a share of several wholes, a bar each; where a count is missing the bar's place says so.

    Figures: of, low, high, middle, cohort, note.
    """
    y = alt.Y("of:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=300, labelPadding=6))
    colour = alt.Color(
        "cohort:N",
        title=None,
        scale=alt.Scale(domain=["the same referrals", "other referrals"], range=["#0072B2", "#D55E00"]),
    )
    stroke = alt.StrokeDash(
        "cohort:N",
        title=None,
        scale=alt.Scale(domain=["the same referrals", "other referrals"], range=[[1, 0], [4, 3]]),
    )
    x = _percentages(alt.X, "middle:Q", zero=True)
    bars = (
        _figures()
        .mark_bar(height={"band": 0.62}, fillOpacity=0.55, strokeWidth=2)
        .encode(x=x, y=y, color=colour, stroke=colour, strokeDash=stroke, tooltip=_tooltip(tooltip))
    )
    spans = _figures().mark_rule(strokeWidth=3, color=_INK).encode(x="low:Q", x2="high:Q", y=y)
    words = (
        _figures()
        .transform_calculate(at="isValid(datum.high) ? datum.high : 0")
        .mark_text(align="left", dx=6, color=_INK, fontSize=12)
        .encode(x="at:Q", y=y, text="note:N")
    )
    return _finish(alt.layer(bars, spans, words), 2 * _ROW_HEIGHT * len(names))


@cache
def pairs(kinds: tuple[str, str], standard: float | None, tooltip: Told) -> Spec:
    """
    Draw two rates of each period, joined: what the standard counts, and everyone.

    Figures, a row for either rate: period, kind, low, high, middle.
    """
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=list(kinds), range=["#0072B2", "#D55E00"]))
    shape = alt.Shape("kind:N", title=None, scale=alt.Scale(domain=list(kinds), range=["circle", "square"]))
    y = _percentages(alt.Y, "middle:Q", zero=False)
    joined = _figures().mark_line(color=_FAINT, strokeWidth=2).encode(x=_period(), y=y, detail="period:N")
    spans = _figures().mark_rule(strokeWidth=2).encode(x=_period(), y="low:Q", y2="high:Q", color=colour)
    points = (
        _figures()
        .mark_point(filled=True, size=70, opacity=1)
        .encode(x=_period(), y="middle:Q", color=colour, shape=shape, tooltip=_tooltip(tooltip))
    )
    layers = [] if standard is None else [_limit(standard, _dashes((), (), standard))]
    return _finish(alt.layer(*layers, joined, spans, points))


@cache
def stacked(tooltip: Told) -> Spec:
    """
    Draw how many organisations have which standing, a bar a period.

    Figures: period, standing, number, order.
    """
    names = list(_LOOK)[: len(STANDINGS)]
    colour = alt.Color(
        "standing:N",
        title=None,
        sort=names,
        scale=alt.Scale(domain=names, range=[_FILLS.get(name, _LOOK[name][0]) for name in names]),
    )
    bars = (
        _figures()
        .mark_bar(stroke=_INK, strokeWidth=0.4)
        .encode(
            x=_period(),
            y=alt.Y("number:Q", title=None, stack="zero", axis=alt.Axis(tickCount=_WHOLE)),
            color=colour,
            order=alt.Order("order:Q"),
            tooltip=_tooltip(tooltip),
        )
    )
    return _finish(bars)


@cache
def funnel(names: tuple[str, ...], size: str, limits: tuple[str, ...], standard: float | None, tooltip: Told) -> Spec:
    """
    Draw each organisation from its least to its greatest rate over its size, with the limits of chance around England.

    Args:
        names: The standings that have a key (`standings`).
        size: What the size is called.
        limits: The limits that are drawn, by their names.
        standard: The percentage that a line is drawn at.
        tooltip: Heads and columns of what a pointer shows.

    Figures: drawn (`row` or `limit`), size, low, high, middle, standing; of limits which (its name), side and middle.
    """
    colour, shape = _by_standing(names)
    x = alt.X(
        "size:Q", title=size, scale=alt.Scale(type="log", nice=False, padding=8), axis=alt.Axis(labelOverlap="greedy")
    )
    y = _percentages(alt.Y, "middle:Q", zero=False)
    dashes = _dashes(limits, ([2, 2], [1, 0], [8, 4], [12, 3, 2, 3])[: len(limits)], standard)
    lines = (
        _figures()
        .transform_filter("datum.drawn === 'limit'")
        .mark_line(color=_INK, strokeWidth=1)
        .encode(
            x=x,
            y=y,
            detail=["which:N", "side:N"],
            strokeDash=dashes,
        )
    )
    rows = _figures().transform_filter("datum.drawn === 'row'")
    spans = rows.mark_rule(strokeWidth=1.5, opacity=0.8).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour)
    # what cannot be determined is not to be overlooked
    open_ones = f"datum.standing === '{STANDINGS[Standing.UNDECIDED]}'"
    points = rows.mark_point(filled=True, opacity=0.9).encode(
        x=x,
        y="middle:Q",
        color=colour,
        shape=shape,
        size=alt.condition(open_ones, alt.value(120), alt.value(42)),
        tooltip=_tooltip(tooltip),
    )
    layers = [] if standard is None else [_limit(standard, dashes)]
    return _finish(alt.layer(*layers, lines, spans, points), 420)


@cache
def spans(groups: int, tooltip: Told) -> Spec:
    """
    Draw the rates of groups, each from its least to its greatest value, the one they are set against marked.

    Figures: group, low, high, middle, role (`group` or `set against`).
    """
    y = alt.Y("group:N", sort=None, title=None, axis=alt.Axis(labelLimit=300, labelPadding=6))
    roles = ["group", "set against"]
    colour = alt.Color("role:N", title=None, scale=alt.Scale(domain=roles, range=["#0072B2", _INK]))
    shape = alt.Shape("role:N", title=None, scale=alt.Scale(domain=roles, range=["circle", "diamond"]))
    x = _percentages(alt.X, "low:Q", zero=False)
    bars = _figures().mark_rule(strokeWidth=3).encode(y=y, x=x, x2="high:Q", color=colour)
    points = (
        _figures()
        .mark_point(filled=True, size=80, opacity=1)
        .encode(y=y, x="middle:Q", color=colour, shape=shape, tooltip=_tooltip(tooltip))
    )
    return _finish(alt.layer(bars, points), _ROW_HEIGHT * groups)


@cache
def bars(number: int, tooltip: Told) -> Spec:
    """
    Draw one number a row, with its words beside it.

    Figures: name, number, note.
    """
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=300, labelPadding=6))
    drawn = (
        _figures()
        .mark_bar(color="#0072B2", height={"band": 0.66})
        .encode(y=y, x=alt.X("number:Q", title=None), tooltip=_tooltip(tooltip))
    )
    words = _figures().mark_text(align="left", dx=5, color=_INK, fontSize=12).encode(y=y, x="number:Q", text="note:N")
    return _finish(alt.layer(drawn, words), _ROW_HEIGHT * number)
