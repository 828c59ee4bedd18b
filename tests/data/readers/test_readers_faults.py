"""The same accidents, on every reader: absent, cut, re-encoded, renamed, emptied, replaced; and fuzzed."""

import contextlib
import json
import time

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, FileRefused, SourceLayoutError, SourceMissing, SourceUnreadable
from data.readers.commune_shapes import read_commune_shapes
from data.readers.rpps import read_doctors_by_age
from data.readers.rpps_extraction import read_blocks
from geo.travel_time.errors import TravelTimeTableError
from geo.travel_time.table import read_travel_time_table
from tests.data.official_files import OFFICIAL_FILES, OfficialFile, official_file

every_reader = pytest.mark.parametrize("file", OFFICIAL_FILES, ids=lambda file: file.name)
every_text = pytest.mark.parametrize(
    "file", [file for file in OFFICIAL_FILES if file.kind != "xlsx"], ids=lambda file: file.name
)

FUZZ = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,  # the same examples on every machine: a red suite must be someone's change
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def same(table: pd.DataFrame, expected: pd.DataFrame) -> bool:
    pd.testing.assert_frame_equal(table, expected)
    return True


def assert_valid(table: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Whatever was read in a damaged file still has the columns, types and index that the reader promises."""
    assert list(table.columns) == list(expected.columns)
    assert table.dtypes.to_dict() == expected.dtypes.to_dict()
    assert isinstance(table.index, pd.RangeIndex)
    assert len(table)


def assert_named_error_or_valid(file: OfficialFile, path, expected: pd.DataFrame) -> None:
    """Anything but a DataError escapes and fails the test; what is read is a table as promised."""
    try:
        table = file.read(path)
    except DataError:
        return
    assert_valid(table, expected)


@every_reader
def test_reads_its_official_format(file: OfficialFile, tmp_path):
    table = file.read(file.written(tmp_path))
    assert_valid(table, table)


@every_reader
def test_gives_the_same_table_twice_and_leaves_the_file_alone(file: OfficialFile, tmp_path):
    path = file.written(tmp_path)
    assert same(file.read(path), file.read(path))
    assert path.read_bytes() == file.contents


@every_reader
def test_columns_in_another_order_change_nothing(file: OfficialFile, tmp_path):
    expected = file.read(file.written(tmp_path))
    shuffled = file.shuffled()
    assert shuffled.contents != file.contents
    assert same(file.read(shuffled.written(tmp_path)), expected)


@every_text
def test_a_byte_order_mark_changes_nothing(file: OfficialFile, tmp_path):
    expected = file.read(file.written(tmp_path))
    assert same(file.read(file.written(tmp_path, b"\xef\xbb\xbf" + file.contents)), expected)


@every_text
def test_windows_line_ends_change_nothing(file: OfficialFile, tmp_path):
    expected = file.read(file.written(tmp_path))
    assert same(file.read(file.written(tmp_path, file.contents.replace(b"\n", b"\r\n"))), expected)


@every_reader
def test_missing_file(file: OfficialFile, tmp_path):
    with pytest.raises(SourceMissing, match=rf"^Fichier absent : {file.name}\."):
        file.read(tmp_path / f"{file.name}.{file.kind}")
    with pytest.raises(FileNotFoundError):  # the built-in that a caller who knows nothing of us would catch
        file.read(tmp_path / "absent")


@every_reader
def test_folder_in_place_of_the_file(file: OfficialFile, tmp_path):
    with pytest.raises(SourceUnreadable):
        file.read(tmp_path)


@every_reader
@pytest.mark.parametrize("contents", [b"", b" \n\n", b"\xef\xbb\xbf"], ids=["no_byte", "blank", "mark_alone"])
def test_empty_file(file: OfficialFile, contents, tmp_path):
    with pytest.raises(SourceUnreadable, match="Attendu"):
        file.read(file.written(tmp_path, contents))


@every_reader
def test_html_in_place_of_the_file(file: OfficialFile, tmp_path):
    page = b"<!DOCTYPE html>\n<html><body>503 Service Unavailable</body></html>"
    with pytest.raises(SourceUnreadable):
        file.read(file.written(tmp_path, page))


@every_text
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_or_32(file: OfficialFile, encoding, tmp_path):
    with pytest.raises(SourceUnreadable, match="UTF-8"):
        file.read(file.written(tmp_path, file.contents.decode().encode(encoding)))


@every_text
def test_latin_1(file: OfficialFile, tmp_path):
    contents = file.contents.decode().encode("latin-1", errors="replace")
    if file.latin_1:
        expected = file.read(file.written(tmp_path))
        assert same(file.read(file.written(tmp_path, contents)), expected)
    elif contents == file.contents:
        assert file.contents.isascii()  # nothing to mistake
    else:
        with pytest.raises(SourceUnreadable, match="UTF-8"):
            file.read(file.written(tmp_path, contents))


@every_reader
def test_workbook_or_text_passed_through_a_text_editor(file: OfficialFile, tmp_path):
    if file.kind == "xlsx":
        with pytest.raises(SourceUnreadable):
            file.read(file.written(tmp_path, file.contents.decode("latin-1").encode()))


@every_reader
def test_file_cut_in_the_middle(file: OfficialFile, tmp_path):
    # In the middle of its accents too: 0.4 to 0.9 of the way, wherever that falls.
    for share in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        cut = file.contents[: int(len(file.contents) * share)]
        if file.kind == "csv" and b"\n" in (cut[-1:], file.contents[len(cut) : len(cut) + 1]):
            cut = cut[:-3]  # between two lines, only the checksum of the download can tell
        with pytest.raises(DataError):
            file.read(file.written(tmp_path, cut))


@every_reader
def test_renamed_column(file: OfficialFile, tmp_path):
    with pytest.raises(SourceLayoutError, match="Attendu") as caught:
        file.read(file.without_label().written(tmp_path))
    assert file.renamed in str(caught.value)


@every_reader
def test_column_written_twice(file: OfficialFile, tmp_path):
    if file.kind == "csv":
        position = next(row.index(file.renamed) for row in file.model if file.renamed in row)
        doubled = file.with_model([[*row, row[position]] for row in file.model])
    elif file.kind == "xlsx":
        doubled = file.with_model({sheet: [[*row, None, *row] for row in rows] for sheet, rows in file.model.items()})
    else:
        key = f'"{file.renamed}": '.encode()
        contents = file.contents.replace(key, key + b"0, " + key, 1)
        doubled = None
    with pytest.raises(DataError):
        file.read(file.written(tmp_path, contents) if doubled is None else doubled.written(tmp_path))


@every_reader
def test_header_alone(file: OfficialFile, tmp_path):
    if file.kind == "csv":
        header = next(n for n, row in enumerate(file.model) if file.renamed in row)
        alone = file.with_model(file.model[: header + 1])
    elif file.kind == "xlsx":
        alone = file.with_model(
            {
                sheet: [row for row in rows if not any(isinstance(cell, int | float) for cell in row)]
                for sheet, rows in file.model.items()
            }
        )
    else:
        alone = file.with_model(type(file.model)())
    with pytest.raises(DataError):
        file.read(alone.written(tmp_path))


@every_reader
def test_another_official_file(file: OfficialFile, tmp_path):
    for other in OFFICIAL_FILES:
        if other.contents != file.contents and other.model is not file.model:
            with pytest.raises(DataError):
                file.read(file.written(tmp_path, other.contents))


@every_reader
@FUZZ
@given(contents=st.binary(max_size=400))
def test_random_bytes_never_pass(file: OfficialFile, contents, tmp_path):
    with pytest.raises(DataError, match=file.name):
        file.read(file.written(tmp_path, contents))


@every_reader
@FUZZ
@given(data=st.data())
def test_mutated_bytes_give_a_named_error_or_a_valid_table(file: OfficialFile, data, tmp_path):
    expected = file.read(file.written(tmp_path))
    contents = bytearray(file.contents)
    for _ in range(data.draw(st.integers(1, 4), label="mutations")):
        at = data.draw(st.integers(0, len(contents)), label="at")
        until = min(len(contents), at + data.draw(st.integers(0, 5), label="removed"))
        contents[at:until] = data.draw(st.binary(max_size=5), label="put")
    assert_named_error_or_valid(file, file.written(tmp_path, bytes(contents)), expected)


CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "-1",
            "NaN",
            "inf",
            "1e400",
            "9" * 400,
            "1,5",
            "0x10",
            "٣",
            "²",
            "2A",
            "999",
            "99999",
            "N/A",
            "NS",
            "TRUE",
        ]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=8
    ),
    st.integers(-(10**12), 10**12).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)


@pytest.mark.parametrize("file", [f for f in OFFICIAL_FILES if f.kind != "json"], ids=lambda file: file.name)
@FUZZ
@given(data=st.data())
def test_mutated_cells_give_a_named_error_or_a_valid_table(file: OfficialFile, data, tmp_path):
    expected = file.read(file.written(tmp_path))
    altered = official_file(file.name)
    sheets = altered.model if altered.kind == "xlsx" else {"": altered.model}
    rows = [row for sheet in sheets.values() for row in sheet if row]
    for _ in range(data.draw(st.integers(1, 3), label="mutations")):
        row = data.draw(st.sampled_from(range(len(rows))), label="row")
        column = data.draw(st.integers(0, len(rows[row]) - 1), label="column")
        rows[row][column] = data.draw(CELLS, label="cell")
    assert_named_error_or_valid(file, altered.written(tmp_path), expected)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


def places(value, at=()):
    """Return the path of every value inside a JSON value."""
    yield at
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*at, key))


@pytest.mark.parametrize("file", [f for f in OFFICIAL_FILES if f.kind == "json"], ids=lambda file: file.name)
@FUZZ
@given(data=st.data())
def test_mutated_documents_give_a_named_error_or_a_valid_table(file: OfficialFile, data, tmp_path):
    expected = file.read(file.written(tmp_path))
    altered = official_file(file.name)
    *way, last = data.draw(st.sampled_from([place for place in places(altered.model) if place]), label="place")
    inside = altered.model
    for key in way:
        inside = inside[key]
    inside[last] = data.draw(JSON_VALUES, label="value")
    assert_named_error_or_valid(file, altered.written(tmp_path), expected)


def test_every_public_reader_is_tried():
    """A new reader of these modules that is not in the list would escape every test above."""
    from data.readers import (  # noqa: PLC0415 - only this test looks at the modules themselves
        bpe_departements,
        cnam_counts,
        commune_indicators,
        dgos_msp,
        drees_apl,
        finess,
        legal_populations,
        rpps,
        zoning,
    )

    modules = (
        *(bpe_departements, cnam_counts, commune_indicators, dgos_msp, drees_apl, finess),
        *(legal_populations, rpps, zoning),
    )
    public = {
        name
        for module in modules
        for name, value in vars(module).items()
        if name.startswith("read_") and getattr(value, "__module__", "") == module.__name__
    }
    tried = {file.read.__name__ for file in OFFICIAL_FILES}
    through_lambdas = {"read_msp_series", "read_msp_targets"}
    assert public - through_lambdas <= tried


@pytest.mark.filterwarnings("ignore:Non closed ring:RuntimeWarning")  # said by GDAL before its ring is refused
def test_an_open_ring_is_the_fault_of_the_file(tmp_path):
    path = tmp_path / "contours.geojson"
    ring = [[1.0, 43.0], [1.1, 43.0], [1.1, 43.1]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": "09122"}, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=r"contours\.geojson"):
        read_commune_shapes(path)


def test_a_cell_of_digits_without_end_costs_its_length(tmp_path):
    path = tmp_path / "medecins.csv"
    path.write_text("trage_med,2012\n" + "0" * 30_000 + ",1\nEnsemble,1\n", encoding="utf-8")
    started = time.process_time()
    with pytest.raises(DataError, match=r"medecins\.csv, ligne 2"):
        read_doctors_by_age(path)
    assert time.process_time() - started < 0.5
    path.write_text("trage_med,2012\n" + "0" * 70_000 + ",1\nEnsemble,1\n", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"ligne 2, colonne 1.*32767 caractères au plus"):
        read_doctors_by_age(path)


def test_a_wrong_line_of_another_encoding_in_an_extraction_is_kept_without_noise(tmp_path, capfd):
    path = tmp_path / "extraction.txt"
    path.write_bytes(b"a|b\n1|2\n3|\xe9|5\n")
    wrong = []
    (block,) = read_blocks(path, ["a", "b"], {"a": ["a"]}, wrong)
    assert block["a"].to_pylist() == ["1"]
    assert wrong == ["3|é|5"]
    assert "Exception ignored" not in capfd.readouterr().err


def test_a_parquet_table_of_times_of_any_types_is_named(tmp_path):
    path = tmp_path / "temps.parquet"
    frame = pd.DataFrame({"origin": ["01001", "01002"], "destination": ["01002", "01001"], "minutes": [1.0, 2.0]})
    for column, values in (
        ("minutes", [{"a": 1}, {"a": 2}]),
        ("minutes", [b"\x00", b"1"]),
        ("origin", [["x"], ["y"]]),
        ("origin", [None, "01001"]),
        ("minutes", pd.to_timedelta([1, 2], unit="s")),
    ):
        frame.assign(**{column: values}).to_parquet(path)
        with contextlib.suppress(TravelTimeTableError):
            read_travel_time_table(path, ["01001", "01002"], vintage="x")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(TravelTimeTableError, match=r"temps\.parquet"):
        read_travel_time_table(path, ["01001", "01002"], vintage="x")
