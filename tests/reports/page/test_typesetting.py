"""What is said in a PDF is data, whatever it looks like; the document is tagged, and the same twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
import typst

from reports.page.paper import Paper
from reports.page.pictures import render_picture
from reports.page.typesetting import Picture, set_document
from tests.reports.pdf_reading import (
    assert_nothing_leaves_or_overlaps,
    assert_tagged,
    descriptions_of,
    n_pages,
    needs_poppler,
    tags_of,
    words_of,
)

ROOT = Path(__file__).resolve().parents[3]
DAY = dt.date(2026, 11, 22)
SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#1f5a96"/></svg>'
)
LOOK_LIKE_SOURCE = (
    '#import "@preview/cetz:0.3.0": *', '#read("/etc/passwd")', "#panic()", "$x^2$ @ref <label>", "*gras* _penché_",
    "\\ ] [ { } \\u{41}", "= Titre", "- liste", "// rien /* rien */", "``` brut", "https://example.org/a#b", '"; {}',
)  # fmt: skip
STRANGE = ("Émoji 😀 🏥", "漢字", "عربي", "x" * 400, "nul \x00 fin", "privé \ue000", "perdu \ud800", "￾ \ufffe", "")


@pytest.fixture
def template(tmp_path):
    """Return a maker of templates from their last lines."""

    def made(*lines):
        path = tmp_path / "template.typ"
        path.write_text("\n".join(('#import "house.typ": *', "#show: in-house-style", *lines)), encoding="utf-8")
        return path

    return made


@pytest.fixture
def listing(template):
    """Return a template that shows texts everywhere a document does: titles, table, list, description, foot."""
    return template(
        "#set page(footer: content.texts.first())",
        "= #content.title",
        "#list(..content.texts)",
        "#data-table((1fr, 1fr), ([Un], [Deux]), content.texts.map(one => (one, one)), n-left: 2)",
        "#image(content.picture.file, alt: content.picture.alt)",
    )


def listed(path, texts, title="Essai"):
    content = {"title": title, "texts": texts, "picture": Picture(SQUARE, " ; ".join(texts))}
    return set_document(path, content, title=title, author=title, subject=title, day=DAY)


@needs_poppler
@pytest.mark.parametrize("name", LOOK_LIKE_SOURCE)
def test_what_looks_like_source_is_written_as_it_is(listing, name):
    pdf = listed(listing, [name, "Fin"], title=name)
    assert words_of(pdf).count(name) == 1 + 1 + 1 + 2  # foot, title, list, table: two columns
    assert name in tags_of(pdf)
    assert descriptions_of(pdf) == [f"{name} ; Fin"]


@needs_poppler
def test_no_text_however_strange_stops_a_document_or_leaves_its_place(listing):
    pdf = listed(listing, list(STRANGE))
    assert_tagged(pdf)
    assert_nothing_leaves_or_overlaps(pdf, foot=3.0)
    said = words_of(pdf)
    assert all(word in said for word in ("Émoji 😀", "漢字", "nul fin"))
    assert said.replace(" ", "").count("x" * 400) >= 2


def test_every_character_is_accepted(template):
    path = template("= #content.title", "#content.texts")
    for start in [*range(0, 0x10000, 0x1000), 0x1F000]:  # the plane that names are written in, and the emoji
        texts = "".join(map(chr, range(start, start + 0x1000)))
        assert set_document(path, {"title": "A", "texts": texts}, title="A", day=DAY).startswith(b"%PDF-1.7")


@pytest.mark.filterwarnings("ignore:Glyph")  # Matplotlib measures with its one font; typst finds another
@pytest.mark.parametrize("name", ["Été", "漢字", "a\x07b\x00", "<b>&", "हिन्दी", "🇫🇷 👩‍⚕️", "$x$", "x" * 300])
def test_a_drawing_bears_any_name(name):
    figure, page = Paper("carre").sheet()
    Paper().write(page, 20.0, 100.0, name, 12.0)
    pdf = render_picture(figure, "pdf", title=name, alt="Une carte à essayer")
    assert n_pages(pdf) == 1
    assert descriptions_of(pdf) == ["Une carte à essayer"]
    assert b"/StructTreeRoot" in pdf


@pytest.mark.parametrize("line", ['#read("/etc/passwd")', '#image("/etc/hostname", alt: "a")', '#include "../a.typ"'])
def test_a_template_sees_no_file_of_the_machine(template, line):
    with pytest.raises(typst.TypstError):
        set_document(template("= A", line), {}, title="A", day=DAY)


def test_our_templates_ask_for_no_package_and_evaluate_nothing():
    templates = sorted((ROOT / "reports").rglob("*.typ"))
    assert len(templates) >= 4
    for path in templates:
        source = path.read_text(encoding="utf-8")
        assert "@preview" not in source
        assert "eval(" not in source
        assert {line for line in source.splitlines() if "#import" in line} <= {'#import "house.typ": *'}


def test_a_picture_without_description_is_refused(template):
    with pytest.raises(typst.TypstError):
        set_document(
            template("= A", "#image(content.picture.file)"), {"picture": Picture(SQUARE, "")}, title="A", day=DAY
        )


def test_the_document_says_what_it_is(listing):
    pdf = listed(listing, ["Un texte assez long"])
    assert_tagged(pdf)
    assert n_pages(pdf) == 1
    assert b"/CreationDate(D:20261122" in pdf
    assert b"/FontFile2" in pdf
    assert len(pdf) < 60_000  # its fonts are cut to its letters


def test_the_same_content_gives_the_same_bytes_in_another_process(listing):
    program = (
        "import sys, hashlib, pathlib; from tests.reports.page.test_typesetting import listed\n"
        "print(hashlib.sha256(listed(pathlib.Path(sys.argv[1]), ['Été', '漢字'])).hexdigest())"
    )
    made = subprocess.run(
        [sys.executable, "-c", program, listing], cwd=ROOT, capture_output=True, check=True, text=True
    )
    pdf = listed(listing, ["Été", "漢字"])
    assert hashlib.sha256(pdf).hexdigest() == made.stdout.strip()
    assert pdf != listed(listing, ["Été"])
