"""PDF documents set by typst: tagged for screen readers, and the same bytes from the same content."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import matplotlib as mpl
import typst

from reports.page.paper import DEFAULT_FONT, INK, RULE, SOFT_INK
from reports.page.properties import OURS

_STYLE: Final = Path(__file__).with_name("house.typ")
_PICTURE: Final = Path(__file__).with_name("picture.typ")
_COLOURS: Final = {"ink": INK, "soft": SOFT_INK, "rule": RULE, "accent": "#1f5a96", "band": "#eef3f8"}
_KEPT_TOGETHER: Final = re.compile(r" (?=[:;?!%»])|(?<=«) ")
_NO_CHARACTERS: Final = {0: " ", 0xFFFE: " "}
"""Codes that PDF/UA refuses: no characters, yet a damaged name may hold them."""

_NO_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Bytes that no SVG may hold."""
_UNMAPPED: Final = ("missing codepoint", "could not be displayed")
"""What typst says of a few letters of a picture (the marks of Devanagari, flags) that a copy would not give back."""


@dataclass(frozen=True)
class Picture:
    """A picture of a document.

    Attributes
    ----------
    svg
        The drawing; its texts stay texts, to be searched and copied.
    alt
        What it shows, for those who do not see it.
    width
        Its width (mm), where the template does not choose it.
    """

    svg: bytes
    alt: str
    width: float = 0.0


def set_document(
    template: Path,
    content: Mapping[str, Any],
    *,
    title: str,
    day: dt.date | None = None,
    author: str = "",
    subject: str = "",
) -> bytes:
    """Set a document as a PDF/UA-1: headings, tables with their heads, described pictures, French.

    What is said reaches the template as data, in memory, and is written as it is: a name that looks like source is a
    name. The template sees no file of the machine, its root being an empty folder.

    Parameters
    ----------
    template
        Source of the document, which imports "house.typ" and finds what it says in `content`.
    content
        What is said: texts, numbers, pictures (`Picture`), lists and mappings of them.
    title, author, subject
        Properties of the document; no author is Maillage.
    day
        Date of the document, if it says one: the same content of the same day gives the same bytes.

    Raises
    ------
    typst.TypstError
        The template is wrong, or leaves a picture without description.
    """
    date = (day.year, day.month, day.day) if day else None
    properties = {"title": title, "author": author or OURS, "subject": subject, "day": date}
    files = {"main.typ": template.read_bytes(), _STYLE.name: _STYLE.read_bytes()}
    said = _as_data({**content, "properties": properties, "colours": _COLOURS, "font": DEFAULT_FONT}, files)
    files["content.json"] = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    try:
        return _compile(files, ["ua-1"])
    except typst.TypstError as error:
        if not any(words in error.message for words in _UNMAPPED):
            raise
        return _compile(files, [])  # tagged all the same; it does not claim what it is not


def _compile(files: Mapping[str, bytes], standards: list[str]) -> bytes:
    with TemporaryDirectory() as empty:
        return typst.compile(  # type: ignore[call-overload]  # its stub knows one file, it takes several
            files,
            root=empty,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            pdf_standards=standards,
            package_path=empty,
            package_cache_path=empty,
        )


def set_picture(drawing: Picture, size: tuple[float, float], *, title: str, subject: str = "") -> bytes:
    """Set a drawing that fills a page of a size in millimetres, as a PDF/UA-1."""
    content = {"drawing": drawing, "width": size[0], "height": size[1]}
    return set_document(_PICTURE, content, title=title, subject=subject)


@cache
def _fonts() -> typst.Fonts:
    """Read once the fonts that come with Matplotlib, those of the maps; no other, so that all machines set the same."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def _as_data(value: Any, files: dict[str, bytes]) -> Any:
    """Return what JSON can hold: pictures go among the files, and ":", "?", "%", guillemets keep to their words."""
    if isinstance(value, str):
        return _KEPT_TOGETHER.sub("\u00a0", value.translate(_NO_CHARACTERS))
    if isinstance(value, Picture):
        name = f"{len(files)}.svg"
        files[name] = _NO_XML.sub(b"", value.svg)
        return {"file": name, "alt": _as_data(value.alt, files), "width": value.width}
    if isinstance(value, Mapping):
        return {name: _as_data(one, files) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_data(one, files) for one in value]
    return value
