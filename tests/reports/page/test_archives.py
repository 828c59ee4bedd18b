"""Office files whose bytes do not say when they were made."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import pandas as pd
import pytest

from reports.figures.tables import write_xlsx
from reports.page.archives import dated

DAY = dt.date(2026, 11, 22)


def written_at(moment: dt.datetime) -> bytes:
    """Write a document that holds a workbook, both made at a moment."""
    document = docx.Document()
    document.add_paragraph("Lozère")
    document.core_properties.created = document.core_properties.modified = moment
    plain = io.BytesIO()
    document.save(plain)
    sheet = write_xlsx(pd.DataFrame({"Commune": ["Mende"]}), pd.DataFrame({"Source": ["INSEE"]}), title="Communes")
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as read, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in read.infolist():
            archive.writestr(zipfile.ZipInfo(member.filename, moment.timetuple()[:6]), read.read(member))
        archive.writestr(zipfile.ZipInfo("word/embeddings/a.xlsx", moment.timetuple()[:6]), sheet)
    return made.getvalue()


def test_the_moment_it_was_made_leaves_no_trace_and_the_rest_stays():
    first, later = (written_at(dt.datetime(2026, 11, day, 9, 30, tzinfo=dt.UTC)) for day in (23, 24))
    assert first != later
    assert dated(first, DAY) == dated(later, DAY)
    document = docx.Document(io.BytesIO(dated(first, DAY)))
    assert [paragraph.text for paragraph in document.paragraphs] == ["Lozère"]
    assert document.core_properties.created.date() == document.core_properties.modified.date() == DAY
    with zipfile.ZipFile(io.BytesIO(dated(first, DAY))) as archive:
        assert archive.testzip() is None
        assert {member.date_time for member in archive.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        workbook = pd.read_excel(io.BytesIO(archive.read("word/embeddings/a.xlsx")), engine="calamine")
    assert "Mende" in workbook.to_string()


@pytest.mark.parametrize("year", [1900, 1979])
def test_a_day_that_an_archive_cannot_hold_is_no_fault(year):
    content = dated(written_at(dt.datetime(2026, 11, 23, tzinfo=dt.UTC)), dt.date(year, 5, 1))
    assert docx.Document(io.BytesIO(content)).core_properties.created.year == year
