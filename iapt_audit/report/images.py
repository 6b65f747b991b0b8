"""Write each picture alone, for an article: as an image, and as a Vega-Lite file with its figures."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, Literal

from iapt_audit.errors.base import OutputError
from iapt_audit.model.text import printable
from iapt_audit.report.charts import columns_of_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iapt_audit.report.elements import Picture, Section, Spec

_WIDTH = 640
#: Letters of a title, and of the lines under it, that fit beside each other.
_TITLE, _SMALL = 74, 118
_PIXELS_PER_POINT = 2.0


#: The form of an image.
ImageForm = Literal["svg", "png"]


def write_images(parts: Sequence[Section], folder: Path, form: ImageForm) -> int:
    """
    Write every picture of some parts to a folder, as an image and as Vega-Lite; give how many there are.

    Raises:
        OutputError: If the folder cannot be written to.
    """
    pictures = [picture for part in parts for picture in part.pictures]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for picture in pictures:
            spec = standalone(picture)
            text = json.dumps(spec, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
            (folder / f"{picture.id}.vl.json").write_text(text, encoding="utf-8", newline="\n")
            (folder / f"{picture.id}.{form}").write_bytes(_drawn(spec, form))
    except OSError as error:
        raise OutputError.from_os(folder, error) from None
    return len(pictures)


def standalone(picture: Picture) -> Spec:
    """Return the specification of a picture with its figures, title, unit, source and licence line in it."""
    spec: dict[str, Any] = json.loads(json.dumps(picture.spec))
    spec["width"] = _WIDTH
    spec["config"]["legend"]["columns"] = columns_of_key(spec, _WIDTH)
    spec["config"]["font"] = "sans-serif"
    spec["datasets"] = {**spec.get("datasets", {}), "figures": picture.shown.to_dicts()}
    spec["description"] = printable(picture.alt)
    small = [picture.unit, *([picture.remark] if picture.remark else []), picture.source]
    spec["title"] = {
        "text": textwrap.wrap(printable(picture.title), _TITLE),
        "subtitle": [line for text in small for line in textwrap.wrap(printable(text), _SMALL)],
        "anchor": "start",
        "fontSize": 15,
        "subtitleFontSize": 10,
        "subtitleColor": "#555555",
        "offset": 12,
    }
    return spec


def _drawn(spec: Spec, form: ImageForm) -> bytes:
    import vl_convert

    if form == "svg":
        drawn: str = vl_convert.vegalite_to_svg(spec)
        return drawn.encode()
    image: bytes = vl_convert.vegalite_to_png(spec, scale=_PIXELS_PER_POINT)
    return image
