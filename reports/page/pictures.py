"""Figures turned into files: PNG, SVG and PDF, their type embedded, whole or not at all."""

from __future__ import annotations

import base64
import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import matplotlib as mpl
import numpy as np
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties, findfont

from reports.errors import FormatError
from reports.page.paper import MM_PER_INCH
from reports.page.png import write_png
from reports.page.properties import OURS
from reports.page.typesetting import Picture, set_picture

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.figure import Figure

PictureFormat = Literal["png", "svg", "pdf"]
RESOLUTIONS: Final = (150, 300, 600)
LOWEST_DPI, HIGHEST_DPI = 20, 1200

_SETTINGS: Final = {
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "svg.hashsalt": "maillage",  # the same map gives the same file
    "hatch.linewidth": 0.35,
    "text.hinting": "none",  # letters keep the widths that the lines were cut for, at any resolution
    "axes.unicode_minus": True,
}


_one_at_a_time = threading.RLock()


@contextmanager
def drawing_settings() -> Iterator[None]:
    """Draw under the settings of the house; Matplotlib keeps settings for a whole process, so one thread at a time."""
    with _one_at_a_time, mpl.rc_context(_SETTINGS):  # type: ignore[arg-type]
        yield


def render_picture(
    figure: Figure,
    kind: str,
    *,
    dpi: int = 300,
    title: str = "",
    subject: str = "",
    alt: str = "",
    fonts_inside: bool = True,
) -> bytes:
    """Turn a figure into the bytes of a file.

    Parameters
    ----------
    figure
        As `reports.map.print_map.draw_map` and the charts return it.
    kind
        "png", "svg" or "pdf".
    dpi
        Resolution of a PNG, and of the parts of an SVG or a PDF that are dots (dots an inch), 20 to 1200.
    title, subject
        Written in the properties of the document.
    alt
        What the figure shows, for those who do not see it; a PDF says its title and subject without.
    fonts_inside
        False for an SVG that goes in a document which has the fonts.

    Raises
    ------
    FormatError
        The format does not exist, or the resolution is out of range.
    """
    if kind not in get_args(PictureFormat):
        raise FormatError(f"Format : attendu {', '.join(get_args(PictureFormat))}, trouvé « {kind} ».")
    if not LOWEST_DPI <= dpi <= HIGHEST_DPI:
        raise FormatError(f"Résolution : attendu de {LOWEST_DPI} à {HIGHEST_DPI} points par pouce, trouvé {dpi}.")
    if kind == "png":
        # Without the transparency that Matplotlib writes: a quarter less to compress, and the page is white anyway
        notes = {"Title": title, "Description": subject, "Software": "Maillage"}
        return write_png(rasterise(figure, dpi), dpi=dpi, notes=notes)
    metadata: dict[str, Any] = {"Title": title, "Description": subject, "Creator": "Maillage", "Date": None}
    buffer = io.BytesIO()
    with drawing_settings():
        figure.savefig(buffer, format="svg", dpi=dpi, metadata=metadata)
    if kind == "pdf":
        width, height = figure.get_size_inches() * MM_PER_INCH
        drawing = Picture(buffer.getvalue(), alt or f"{title}. {subject}")
        return set_picture(drawing, (width, height), title=title or OURS, subject=subject)
    if fonts_inside:
        return embed_fonts(buffer.getvalue().decode("utf-8")).encode("utf-8")
    return buffer.getvalue()


def rasterise(figure: Figure, dpi: float) -> npt.NDArray[np.uint8]:
    """Draw a figure in pixels: rows from the top, columns, then red, green, blue and opacity (0-255)."""
    with drawing_settings():
        canvas = FigureCanvasAgg(figure)
        figure.set_dpi(dpi)
        canvas.draw()  # type: ignore[no-untyped-call]
        return np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]


def embed_fonts(svg: str) -> str:
    """Put in an SVG the letters of the fonts that it uses, so that it looks the same on any machine.

    Parameters
    ----------
    svg
        A drawing of Matplotlib whose text is text.
    """
    styles = re.findall(r'<text style="([^"]*)"[^>]*>(.*?)</text>', svg, flags=re.DOTALL)
    letters: dict[tuple[str, str], set[str]] = {}
    for style, text in styles:
        family = re.search(r"font-family: '?([^;',]+)", style)
        if family:
            weight = "bold" if re.search(r"font-weight: (bold|[6-9]00)", style) else "normal"
            letters.setdefault((family[1], weight), set()).update(text)
    faces = []
    for (name, weight), used in sorted(letters.items()):
        path = findfont(FontProperties(family=name, weight=weight))
        data = base64.b64encode(_letters_of_font(Path(path), used)).decode("ascii")
        faces.append(f"@font-face{{font-family:'{name}';font-weight:{weight};src:url(data:font/ttf;base64,{data})}}")
    if not faces:
        return svg
    return svg.replace("</defs>", f"</defs>\n <style>{''.join(faces)}</style>", 1)


def _letters_of_font(path: Path, letters: set[str]) -> bytes:
    """Return a font that holds only some letters."""
    font = TTFont(path, recalcTimestamp=False)
    options = subset.Options(layout_features=[], notdef_outline=True, hinting=False)
    options.drop_tables += ["FFTM"]  # FontForge's time stamps: unknown to the subsetter, which would warn
    cut = subset.Subsetter(options)
    cut.populate(text="".join(sorted(letters)) + " 0123456789")
    cut.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
