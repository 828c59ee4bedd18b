"""The national FINESS in both formats: what is read, what is repaired, and every accident by its name."""

import gzip
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers import finess_feed
from data.readers.finess_national import read_finess_national
from geo.crs import project
from tests.data.finess_files import (
    ANTILLES,
    LAMBERT,
    MAYOTTE,
    feed_document,
    feed_file,
    feed_site,
    flat_file,
    flat_point,
    flat_site,
)


@pytest.fixture
def read(tmp_path):
    def read_bytes(contents):
        path = tmp_path / "download.part"
        path.write_bytes(contents)
        return read_finess_national(path)

    return read_bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_flat_file_is_read_whole(read, encoding):
    sites, as_of, counts = read(flat_file(flat_site(), flat_point(), encoding=encoding))
    assert as_of.isoformat() == "2026-05-12"
    site = sites.iloc[0]
    assert site.drop(["longitude", "latitude"]).to_dict() == {
        "finess_code": "090004219",
        "structure_type": "msp",
        "category_code": "603",
        "name": "MAISON DE SANTÉ DU PAYS DE FOIX",
        "address": "12 R DES LILAS, 09000 FOIX",
        "commune_code": "09122",
        "opened_on": pd.Timestamp("2018-10-11"),
    }
    back = project([site["longitude"]], [site["latitude"]], ["09"])
    assert (back.x_m[0], back.y_m[0]) == pytest.approx((585000.0, 6208000.0), abs=0.01)
    assert counts == {
        "n_sites_in_file": 1,
        "n_points_repaired": 0,
        "n_impossible_codes": 0,
        "n_unreadable_dates": 0,
        "n_repeated_numbers": 0,
    }


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_the_feed_gives_the_same_site_as_the_flat_file(read, compressed, indent):
    flat = read(flat_file(flat_site(), flat_point())).table
    sites, as_of, _ = read(feed_file(feed_site(), compressed=compressed, indent=indent))
    assert as_of.isoformat() == "2026-11-20"
    columns = [name for name in flat if name not in {"longitude", "latitude"}]
    pd.testing.assert_frame_equal(sites[columns], flat[columns])
    assert sites[["longitude", "latitude"]].iloc[0].tolist() == pytest.approx([1.585, 42.955], abs=0.03)


def test_only_the_kept_categories_are_read_but_all_are_counted(read):
    others = [flat_site("090000002", categetab="500"), flat_site("090000003", categetab="620")]
    sites, _, counts = read(flat_file(flat_site(), *others))
    assert sites["structure_type"].tolist() == ["pharmacie", "msp"]  # by number: 090000003, 090004219
    assert counts["n_sites_in_file"] == 3


def test_the_feed_drops_what_is_closed(read):
    sites = [
        feed_site("090000001"),
        feed_site("090000002", etatObjet="I"),
        feed_site("090000003", known={"dateFermeture": "2026-11-20"}),
        feed_site("090000004", known={"dateFermeture": "2027-01-01"}),  # announced, still open
        feed_site("090000005", known={"dateFermeture": None}),
    ]
    table = read(feed_file(*sites)).table
    assert table["finess_code"].tolist() == ["090000001", "090000004", "090000005"]


@pytest.mark.parametrize(
    ("departement", "commune", "code"),
    [
        ("09", "122", "09122"),
        ("9", "4", "09004"),  # a spreadsheet went over the file
        ("2A", "004", "2A004"),
        ("9A", "101", "97101"),
        ("9B", "207", "97207"),
        ("9D", "411", "97411"),
        ("9F", "606", "97606"),
        ("974", "11", "97411"),
        ("974", "411", "97411"),
        ("9A", "123", "97701"),  # Saint-Barthélemy, still filed under Guadeloupe
        ("9A", "127", "97801"),
        ("9E", "502", "97502"),
        ("9J", "613", "98613"),
    ],
)
def test_the_insee_code_is_made_of_the_department_and_the_commune(read, departement, commune, code):
    sites = read(flat_file(flat_site(departement=departement, commune=commune))).table
    assert sites["commune_code"].tolist() == [code]


FOIX = (585000.0, 6208000.0)


@pytest.mark.parametrize(
    ("x", "y", "named", "repaired"),
    [
        ("585000.0", "6208000.0", LAMBERT, 0),
        ("585000,0", "6208000,0", "1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;LAMBERT_93", 0),  # as in 2016
        ("6208000.0", "585000.0", LAMBERT, 1),  # swapped
        ("585000.0", "6208000.0", MAYOTTE, 1),  # another territory's projection
        ("585000.0", "6208000.0", "une adresse", 0),  # none named: the legal one is taken, nothing is repaired
        ("1.5865", "42.9636", LAMBERT, 1),  # degrees
    ],
)
def test_points_are_repaired_and_counted(read, x, y, named, repaired):
    sites, _, counts = read(flat_file(flat_site(), flat_point(x=x, y=y, named=named)))
    back = project(sites["longitude"], sites["latitude"], ["09"])
    assert (back.x_m[0], back.y_m[0]) == pytest.approx(FOIX, abs=2_000)
    assert counts["n_points_repaired"] == repaired


@pytest.mark.parametrize(
    ("x", "y"), [("", ""), ("0", "0"), ("abc", "6208000"), ("999999999", "999999999"), ("nan", "1")]
)
def test_a_point_that_fits_nowhere_is_unknown(read, x, y):
    sites, _, counts = read(flat_file(flat_site(), flat_point(x=x, y=y)))
    assert sites[["longitude", "latitude"]].isna().all(axis=None)
    assert counts["n_points_repaired"] == 0


@pytest.mark.parametrize(
    ("departement", "commune", "x", "y", "named", "longitude", "latitude"),
    [
        ("9A", "101", "657242.9", "1795384.4", ANTILLES, -61.53, 16.23),
        ("9F", "611", "523000", "8587000", MAYOTTE, 45.21, -12.79),
        ("9D", "411", "338000", "7691000", "1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,UTM_S40", 55.44, -20.88),
    ],
)
def test_overseas_points_are_in_their_own_projection(read, departement, commune, x, y, named, longitude, latitude):
    # by hand: 657 242.9 m east in zone 20 (central meridian -63°) is 157 243 m, or 1.47° at 16° N, east of it
    site = read(flat_file(flat_site(departement=departement, commune=commune), flat_point(x=x, y=y, named=named)))
    assert site.table[["longitude", "latitude"]].iloc[0].tolist() == pytest.approx([longitude, latitude], abs=0.02)


@pytest.mark.parametrize("layout", ["degrees first", "metres first", "metres first, swapped"])
def test_the_feed_puts_degrees_in_either_pair(read, layout):
    pairs = {
        "degrees first": ("1.5865", "42.9636", "585000.0", "6208000.0"),
        "metres first": ("585000.0", "6208000.0", "1.5865", "42.9636"),
        "metres first, swapped": ("6208000.0", "585000.0", "1.5865", "42.9636"),  # the example of the schema
    }
    x, y, longitude, latitude = pairs[layout]
    point = {"coordonneeX": x, "coordonneeY": y, "directionLongitude": longitude, "directionLatitude": latitude}
    sites = read(feed_file(feed_site(address={"coordonneesGeographique": point}))).table
    assert sites[["longitude", "latitude"]].iloc[0].tolist() == pytest.approx([1.5865, 42.9636], abs=0.03)


@pytest.mark.parametrize(
    "point",
    [None, {}, {"coordonneeX": None}, {"coordonneeX": "1.6", "coordonneeY": "42.9", "cleInInteropBAN": "09122"}],
)
def test_a_site_known_only_by_its_commune_has_no_point(read, point):
    sites = read(feed_file(feed_site(address={"coordonneesGeographique": point}))).table
    assert sites["longitude"].isna().all()


def test_the_place_of_practice_is_not_always_the_first_address(read):
    site = feed_site()
    reception = {"usageAdresse": "06", "cogCommune": "31555", "libelleVoie": "AILLEURS"}
    site["adresse"].insert(0, reception)
    assert read(feed_file(site)).table["commune_code"].tolist() == ["09122"]


def test_values_cut_by_the_window_are_read(read, monkeypatch):
    sites = [feed_site(f"09{number:07d}") for number in range(5)]
    whole = read(feed_file(*sites)).table
    for size in (7, 1000):
        monkeypatch.setattr(finess_feed, "_CHUNK_CHARACTERS", size)
        pd.testing.assert_frame_equal(read(feed_file(*sites)).table, whole)


@pytest.mark.parametrize("indent", [None, 2])
def test_the_legal_persons_that_are_not_decoded_change_nothing(read, monkeypatch, indent):
    other = {"categorieentiteGeographiqueExercice": "500"}
    tricky = feed_site("090000003", **other, known={"nomEgeLong": '}, {"informationsGeneralesPMEJ" "603"'})
    sites = [feed_site("090000001"), feed_site("090000002", **other), tricky, feed_site("090000004", **other)]
    sites += [feed_site("090000005", **other), feed_site("090000006"), feed_site("090000007", **other)]
    contents = feed_file(*sites, indent=indent)
    fast = read(contents)
    assert fast.table["finess_code"].tolist() == ["090000001", "090000006"]
    assert fast.counts["n_sites_in_file"] == 7
    monkeypatch.setattr(finess_feed._Scanner, "_skipped", lambda _: None)
    slow = read(contents)
    pd.testing.assert_frame_equal(fast.table, slow.table)
    assert fast.counts == slow.counts


def test_the_order_of_the_keys_does_not_matter(read):
    document = feed_document(feed_site())
    turned = json.dumps({key: document[key] for key in reversed(document)}).encode()
    assert len(read(turned).table) == 1


def many(n_good, *bad):
    return flat_file(*(flat_site(f"09{number:07d}") for number in range(n_good)), *bad)


@pytest.mark.parametrize(
    ("bad", "count"),
    [
        ({"code": "09X"}, "n_impossible_codes"),
        ({"code": "091000000", "commune": "", "departement": ""}, "n_impossible_codes"),
        ({"code": "091000000", "dateouv": "0026-13-45"}, "n_unreadable_dates"),
        ({"code": "090000000"}, "n_repeated_numbers"),
    ],
)
def test_a_rare_fault_is_counted_and_a_common_one_refused(read, bad, count):
    counts = read(many(200, flat_site(**bad))).counts
    assert counts[count] == 1
    if count != "n_repeated_numbers":
        with pytest.raises(SourceValueError, match=r"ligne 4, |ligne 4\. "):
            read(many(2, flat_site(**bad)))


@pytest.mark.parametrize(
    ("contents", "error", "words"),
    [
        (b"", SourceUnreadable, "vide"),
        (b"<!DOCTYPE html><html>503</html>", SourceUnreadable, "page HTML"),
        (b"nofinesset;rs\n010;X\n", SourceLayoutError, "finess;etalab"),
        (b"finess;etalab;111\n", SourceLayoutError, "ligne 1"),
        (flat_file(), SourceLayoutError, "structureet"),
        (flat_file(flat_site(categetab="500")), SourceLayoutError, "603"),
        (flat_file(flat_site())[:-20], SourceUnreadable, "tronqué"),
        (flat_file(flat_site(), flat_point()[:30]), SourceUnreadable, "tronqué"),
        (flat_file(flat_site(), "autrechose;1"), SourceLayoutError, "geolocalisation"),
        (flat_file(flat_site(categetab="MSP")), SourceValueError, "colonne 19"),
        (flat_file(flat_site(rs='"ouvert')), SourceUnreadable, "délimité"),
        (feed_file(feed_site())[:-30], SourceUnreadable, "gzip"),
        (feed_file(feed_site(), compressed=False)[:-30], SourceUnreadable, "tronqué"),
        (b"\x1f\x8bnot gzip", SourceUnreadable, "gzip"),
        (b"{}", SourceUnreadable, "JSON"),
        (b'{"pmej": 3}', SourceLayoutError, "ege"),
        (json.dumps(feed_document(feed_site(), schemaVersion="v2.0.0")).encode(), SourceLayoutError, "v1"),
        (json.dumps(feed_document(feed_site(), generatedAt=None)).encode(), SourceLayoutError, "generatedAt"),
        (json.dumps(feed_document()).encode(), SourceLayoutError, "ouverts"),
        (json.dumps(feed_document(feed_site(etatObjet="I"))).encode(), SourceLayoutError, "ouverts"),
        (json.dumps({"schemaVersion": "v1", "pmej": [{"ege": [3]}]}).encode(), SourceLayoutError, "EGE"),
        (feed_file(feed_site(categorieentiteGeographiqueExercice=["603"])), SourceLayoutError, "catégorie en texte"),
        (b'{"a": "\xe9"}', SourceUnreadable, "UTF-8"),
    ],
)
def test_every_accident_has_its_name(read, contents, error, words):
    with pytest.raises(error, match=words):
        read(contents)


def test_no_file(tmp_path):
    with pytest.raises(SourceMissing):
        read_finess_national(tmp_path / "nothing")


def test_a_bomb_is_refused(read, monkeypatch):
    monkeypatch.setattr(finess_feed, "_MOST_CHARACTERS", 10_000)
    monkeypatch.setattr(finess_feed, "_CHUNK_CHARACTERS", 1_000)
    with pytest.raises(SourceUnreadable, match="10000 caractères"):
        read(gzip.compress(b'{"a": "' + b"x" * 10**6 + b'"}'))


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"finess;etalab;1;2026-05-12\n", b"{", b'{"pmej": [', b"\x1f\x8b"])
)
def test_any_bytes_are_read_or_refused_by_name(tmp_path_factory, contents, start):
    path = tmp_path_factory.mktemp("any") / "download.part"
    path.write_bytes(start + contents)
    with pytest.raises(DataError):
        read_finess_national(path)


@given(st.data())
def test_a_damaged_file_is_read_or_refused_by_name(tmp_path_factory, data):
    whole = data.draw(
        st.sampled_from(
            [flat_file(flat_site(), flat_point()), feed_file(feed_site(), compressed=False), feed_file(feed_site())]
        )
    )
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:place] + data.draw(st.binary(max_size=3)) + whole[place + data.draw(st.integers(0, 3)) :]
    path = tmp_path_factory.mktemp("any") / "download.part"
    path.write_bytes(damaged)
    try:
        table = read_finess_national(path).table
    except DataError:
        return
    assert table["finess_code"].is_unique
