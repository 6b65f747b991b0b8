"""
Write pages: one file that asks no host for anything, or several that share their scripts.

The only module that knows jinja2; everything that a file says is text to it. The JavaScript of Vega comes from
vl-convert.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from iapt_audit.about import __version__
from iapt_audit.model.columns import LICENCE_LINE
from iapt_audit.model.text import printable
from iapt_audit.report.elements import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iapt_audit.report.elements import Picture, Section, Spec

#: Pages of a site find these beside the index.
SHARED_SCRIPT, SHARED_STYLE = "report.js", "report.css"


def whole_page(title: str, answer: str, parts: Sequence[Section]) -> str:
    """
    Write one file with everything in it: scripts, styles, charts, figures.

    Args:
        title: What it is about.
        answer: The first sentence.
        parts: What it is made of.
    """
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            answer=answer,
            parts=parts,
            style=Markup(asset("report.css")),  # noqa: S704 -- our own file
            script=Markup(script(specs_of(parts))),  # noqa: S704 -- our own file, and JSON that jinja2 made safe
            root=None,
            **_common(),
        )
    )


def page_of_site(title: str, answer: str, parts: Sequence[Section], root: str) -> str:
    """Write a page that finds its script and style under `root`."""
    return (
        _environment()
        .get_template("page.html.j2")
        .render(title=title, answer=answer, parts=parts, root=root, style=None, script=None, **_common())
    )


def index_page(title: str, answer: str, pages: Sequence[dict[str, Any]]) -> str:
    """Write the index of a site: the pages by name, code and level, and a search that needs no server."""
    return (
        _environment()
        .get_template("index.html.j2")
        .render(title=title, answer=answer, pages=pages, root="", style=None, script=None, **_common())
    )


def script(specs: Iterable[Spec]) -> str:
    """Return the script that all charts share: Vega, their specifications, and what tables and switches do."""
    named = {spec_id(spec): spec for spec in specs}
    return "\n".join([vega(), f"window.iaptSpecs = {htmlsafe_json_dumps(named, dumps=_dumps)};", asset("report.js")])


def specs_of(parts: Iterable[Section]) -> list[Spec]:
    """Return the specifications of all pictures."""
    return [picture.spec for part in parts for picture in part.pictures]


def spec_id(spec: Spec) -> str:
    """Name a specification by what it says, so that charts of one kind share it."""
    return "s" + hashlib.sha256(_dumps(spec).encode()).hexdigest()[:10]


def figures_of(picture: Picture) -> dict[str, Any]:
    """
    Return what a page holds of a picture for its script: its figures column by column, and the choices of its switch.

    A column is a list of values, or of texts and for each row the place of its own.
    """
    switch = picture.switch
    return {
        "id": picture.id,
        "spec": spec_id(picture.spec),
        "columns": picture.figures.columns,
        "figures": [_column(column) for column in picture.figures.iter_columns()],
        "table": [column for _, column in picture.columns],
        "switch": None
        if switch is None
        else {
            "column": switch.column,
            "options": [[each.value, each.title, each.alt] for each in switch.options],
        },
    }


def _column(column: pl.Series) -> list[Any] | dict[str, list[Any]]:
    """Return the values of a column, each text that occurs again and again but once."""
    if column.dtype != pl.String:
        return column.to_list()
    texts = column.unique(maintain_order=True)
    if len(texts) * 2 > len(column):
        return column.to_list()
    place = {text: number for number, text in enumerate(texts)}
    return {"texts": texts.to_list(), "at": [place[text] for text in column]}


@cache
def vega() -> str:
    """Give Vega, Vega-Lite and vega-embed as one script, as vl-convert ships it."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg] # its stub lacks the default
    # inside a page this would end the script element
    return bundle.replace("</script", "<\\/script")


@cache
def asset(name: str) -> str:
    """Return a file of ours that pages use."""
    return files("iapt_audit.report").joinpath("assets", name).read_text(encoding="utf-8")


def _common() -> dict[str, Any]:
    return {"licence": LICENCE_LINE, "version": __version__}


def _dumps(value: object, **_: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _json(picture: Picture) -> Markup:
    return htmlsafe_json_dumps(figures_of(picture), dumps=_dumps)


def _shown(value: object) -> object:
    """Make a value text that orders nobody about; a hole is a dash."""
    if value is None:
        return "-"
    if isinstance(value, Markup):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return printable(str(value)) if isinstance(value, str) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("iapt_audit.report", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["figures"] = _json
    environment.tests["link"] = lambda value: isinstance(value, Link)
    environment.tests["figure"] = lambda value: isinstance(value, int | float)
    return environment
