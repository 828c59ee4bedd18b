"""The reader of the list of Etalab: scope, history of codes, accidents."""

import json

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers import etalab_geography as reader
from tests.data.tiny_mirror import (
    communes_document,
    departements_document,
    epci_document,
    regions_document,
)

READERS = {
    "communes": (reader.read_communes, communes_document),
    "history": (reader.read_code_history, communes_document),
    "former names": (reader.read_former_names, communes_document),
    "arrondissements": (reader.read_arrondissements, communes_document),
    "epci": (reader.read_epci, epci_document),
    "departements": (reader.read_departements, departements_document),
    "regions": (reader.read_regions, regions_document),
}
every_reader = pytest.mark.parametrize("name", READERS)


def write(folder, document) -> object:
    path = folder / "list.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_communes_are_those_of_the_101_departments(tmp_path):
    communes = reader.read_communes(write(tmp_path, communes_document()))
    assert len(communes) == 103
    assert "97502" not in set(communes["commune_code"])  # a collectivity
    assert communes["population"].sum() == 100 * 1000 + 9000 + 6000 + 50
    assert communes["commune_code"].is_monotonic_increasing
    assert communes.dtypes.drop("population").eq("str").all()


def test_arrondissements_are_parts_of_their_city(tmp_path):
    table = reader.read_arrondissements(write(tmp_path, communes_document()))
    assert table.to_numpy().tolist() == [
        ["75101", "Paris 1er", "75056", 400.0],
        ["75102", "Paris 2e", "75056", 600.0],
    ]


def test_a_commune_without_postcode_has_an_empty_text(tmp_path):
    document = communes_document()
    del document[0]["codesPostaux"]
    assert reader.read_communes(write(tmp_path, document))["postcodes"].iloc[0] == ""


def test_former_names_are_those_of_the_parts_that_are_called_otherwise(tmp_path):
    document = communes_document()
    of_foix = next(record for record in document if record["code"] == "09122" and record["type"] == "commune-deleguee")
    assert reader.read_former_names(write(tmp_path, document)).to_numpy().tolist() == [["09160", "Ancienne"]]
    document += [{**of_foix, "code": code, "nom": name} for code, name in (("09901", "Vieux-Foix"), ("09902", "Ax"))]
    names = reader.read_former_names(write(tmp_path, document))
    assert names.to_numpy().tolist() == [["09122", "Ax|Vieux-Foix"], ["09160", "Ancienne"]]


def test_where_a_part_stands_today_wins_over_an_old_merger(tmp_path):
    # As 60455: a former code of one commune, today a delegated commune of another.
    document = communes_document()
    foix = next(record for record in document if record["code"] == "09122" and record["type"] == "commune-actuelle")
    foix["anciensCodes"].append("09161")
    history = reader.read_code_history(write(tmp_path, document)).set_index("old_code")
    assert history.loc["09161", ["commune_code", "relation"]].to_list() == ["09160", "associee"]


def test_a_former_code_in_two_communes_is_refused(tmp_path):
    document = communes_document()
    document[0]["anciensCodes"] = ["09900"]
    with pytest.raises(SourceValueError, match="09900 dans une seule commune"):
        reader.read_code_history(write(tmp_path, document))


def test_a_part_of_no_current_commune_is_refused(tmp_path):
    document = communes_document()
    document[-2]["commune"] = "75999"
    with pytest.raises(SourceValueError, match="commune 75102"):
        reader.read_code_history(write(tmp_path, document))


def test_departements_and_regions(tmp_path):
    departements = reader.read_departements(write(tmp_path, departements_document()))
    assert len(departements) == 101
    assert departements["departement_code"].is_monotonic_increasing
    assert reader.read_regions(write(tmp_path, regions_document()))["region_code"].to_list() == ["04", "11", "76", "84"]


def test_a_commune_in_two_epci_is_refused(tmp_path):
    document = [*epci_document(), {**epci_document()[0], "code": "200000002"}]
    with pytest.raises(SourceValueError, match="un doublon"):
        reader.read_epci(write(tmp_path, document))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("population", "860"),
        ("population", 1.5),
        ("population", -1),
        ("population", True),
        ("population", None),
        ("nom", ""),
        ("nom", None),
        ("code", "1001"),
        ("code", 1001),
        ("type", "hameau"),
        ("type", ["commune-actuelle"]),
        ("codesPostaux", "01000"),
        ("codesPostaux", [1000]),
    ],
)
def test_a_wrong_value_is_named(tmp_path, key, value):
    document = communes_document()
    document[3][key] = value
    with pytest.raises(SourceValueError, match="élément 4"):
        reader.read_communes(write(tmp_path, document))


def test_a_code_written_twice_is_refused(tmp_path):
    document = communes_document()
    with pytest.raises(SourceValueError, match="un doublon"):
        reader.read_communes(write(tmp_path, [*document, document[0]]))


@every_reader
def test_order_of_records_and_of_keys_changes_nothing(name, tmp_path):
    read, document = READERS[name]
    expected = read(write(tmp_path, document()))
    turned = [dict(reversed(record.items())) for record in reversed(document())]
    pd.testing.assert_frame_equal(read(write(tmp_path, turned)), expected)


@every_reader
def test_a_byte_order_mark_changes_nothing(name, tmp_path):
    read, document = READERS[name]
    expected = read(write(tmp_path, document()))
    path = tmp_path / "list.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    pd.testing.assert_frame_equal(read(path), expected)


@every_reader
def test_missing_file(name, tmp_path):
    with pytest.raises(SourceMissing, match=r"absent.json"):
        READERS[name][0](tmp_path / "absent.json")


@every_reader
@pytest.mark.parametrize(
    "accident",
    [
        lambda _: b"",
        lambda contents: contents[: len(contents) // 2],
        lambda contents: contents.decode().encode("utf-16"),
        lambda _: "[{é".encode("latin-1"),
        lambda _: b"<!DOCTYPE html><html><body>503</body></html>",
        lambda _: b"PK\x03\x04",
    ],
    ids=["empty", "cut", "utf_16", "latin_1", "html", "archive"],
)
def test_unreadable_file(name, accident, tmp_path):
    read, document = READERS[name]
    path = write(tmp_path, document())
    path.write_bytes(accident(path.read_bytes()))
    with pytest.raises(SourceUnreadable):
        read(path)


@every_reader
@pytest.mark.parametrize("document", [{}, [], None, 3, "x", [3], [{"code": "01001"}], [{}]], ids=str)
def test_another_document(name, document, tmp_path):
    with pytest.raises(SourceLayoutError):
        READERS[name][0](write(tmp_path, document))


@every_reader
def test_a_renamed_key_is_named(name, tmp_path):
    read, document = READERS[name]
    renamed = [{("label" if key == "code" else key): value for key, value in record.items()} for record in document()]
    with pytest.raises(SourceLayoutError, match=r"les clés .*code"):
        read(write(tmp_path, renamed))


@every_reader
def test_a_list_of_collectivities_only_is_refused(name, tmp_path):
    read, document = READERS[name]
    if name in {"epci", "history", "former names"}:
        pytest.skip("has no zone, or nothing to want")
    collectivities = [{**record, "zone": "com"} for record in document()]
    with pytest.raises(SourceLayoutError, match="101 départements"):
        read(write(tmp_path, collectivities))


@every_reader
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_a_record_becomes_only_named_errors_come_out(name, tmp_path, data):
    read, document = READERS[name]
    records = document()[:8]
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=4,
    )
    record = records[data.draw(st.integers(0, len(records) - 1))]
    record[data.draw(st.sampled_from(sorted(record)))] = data.draw(anything)
    try:
        table = read(write(tmp_path, records))
    except DataError:
        return
    assert isinstance(table.index, pd.RangeIndex)


@pytest.mark.mirror
def test_real_files(mirror):
    folder = mirror / "etalab_decoupage_6_0_0"
    communes = reader.read_communes(folder / "communes.json")
    assert len(communes) == 34_875
    assert communes["population"].sum() == 68_350_798
    history = reader.read_code_history(folder / "communes.json").set_index("old_code")
    assert history.index.is_unique
    assert not history.index.isin(communes["commune_code"]).any()
    assert (history["relation"] == "arrondissement").sum() == 45
    assert history.loc["12076", "commune_code"] == "12218"  # Conques
    assert history.loc["60455", ["commune_code", "relation"]].to_list() == ["60694", "deleguee"]
    former = reader.read_former_names(folder / "communes.json").set_index("commune_code")["former_names"]
    assert former[["72071", "48009"]].str.contains("Château-du-Loir|Javols").all()
    assert former.index.isin(communes["commune_code"]).all()
    parts = reader.read_arrondissements(folder / "communes.json")
    assert parts.groupby("commune_code")["population"].sum()[["75056", "69123", "13055"]].to_list() == [
        2_103_778.0,
        519_127.0,
        886_040.0,
    ]
    members = reader.read_epci(folder / "epci.json")
    assert set(communes["commune_code"]) - set(members["commune_code"]) == {"22016", "29083", "29155", "85113"}
    assert len(reader.read_departements(folder / "departements.json")) == 101
    assert len(reader.read_regions(folder / "regions.json")) == 18
