"""Read a PDF as a screen reader or an eye would: its words and where they stand, its tags, its descriptions."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest

MM_PER_POINT = 25.4 / 72
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext and pdfinfo read a PDF")


def _run(pdf, program, *options):
    return subprocess.run(
        [program, *options, "-", *(["-"] if program == "pdftotext" else [])], input=pdf, capture_output=True, check=True
    ).stdout.decode(errors="replace")


def words_of(pdf):
    """Return the words of a PDF in the order of reading, parted by one space."""
    return " ".join(_run(pdf, "pdftotext").replace("\u202f", " ").split())


def tags_of(pdf):
    """Return the tree of tags, with their texts, as pdfinfo writes it."""
    return _run(pdf, "pdfinfo", "-struct-text")


def n_pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def descriptions_of(pdf):
    """Return the description of each picture, in the order of the tags."""
    return [_text(one) for one in re.findall(rb"/S/Figure[^>]*?/Alt(<[0-9A-F]+>|\([^()\\]*\))", pdf)]


def _text(raw):
    """Read a string of PDF: UTF-16 in hexadecimal, or plain letters; no-break spaces as spaces."""
    told = bytes.fromhex(raw[1:-1].decode())[2:].decode("utf-16-be") if raw[:1] == b"<" else raw[1:-1].decode("ascii")
    return told.replace("\u00a0", " ")


def assert_tagged(pdf):
    """Check what makes a document readable aloud: tags, language, title, and as many descriptions as pictures."""
    for mark in (rb"/MarkInfo\s*<<[^>]*/Marked true", rb"/StructTreeRoot", rb"/Lang\s*\(fr", rb"/DisplayDocTitle true"):
        assert re.search(mark, pdf), mark
    assert b"pdfuaid" in pdf
    n_figures = len(re.findall(rb"/S\s*/Figure\b", pdf))
    said = descriptions_of(pdf)
    assert len(said) == n_figures
    assert all(len(one) > 15 for one in said)


def boxes_of(pdf):
    """Return the boxes of the words of each page (mm from the upper left corner): left, top, right, bottom."""
    number = '="([\\d.-]+)"'
    word = re.compile(rf"<word xMin{number} yMin{number} xMax{number} yMax{number}>")
    pages = _run(pdf, "pdftotext", "-bbox").split("</page>")[:-1]
    return [MM_PER_POINT * np.array([list(map(float, sides)) for sides in word.findall(page)]) for page in pages]


def assert_nothing_leaves_or_overlaps(pdf, *, width=210.0, height=297.0, edge=9.0, foot=6.0):
    """Check that every word stands inside the margins (mm), none on another."""
    for boxes in boxes_of(pdf):
        left, top, right, bottom = boxes.T
        assert left.min() >= edge
        assert right.max() <= width - edge
        assert top.min() >= edge
        assert bottom.max() <= height - foot
        wide = np.minimum.outer(right, right) - np.maximum.outer(left, left)
        high = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
        assert not np.triu((wide > 0.2) & (high > 0.9), k=1).any()
