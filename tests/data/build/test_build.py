"""The build of the snapshot: a whole tiny mirror, accidents, and the real one."""

import json
import re
import shutil

import geopandas as gpd
import pandas as pd
import pytest

from data import store
from data.__main__ import main
from data.build.snapshot import Mirror, build, make_snapshot, sha256_of
from data.contracts.schemas import CONTRACTS
from data.errors import CatalogError, ContractError, DataError, SourceMissing
from data.history import OUT_OF_SCOPE
from tests.conftest import SNAPSHOTS
from tests.data.tiny_mirror import CONTENTS, _msp, catalog_of, write_mirror


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Return the mirror, its catalogue, and the snapshot built from them."""
    folder = tmp_path_factory.mktemp("tiny")
    catalog = write_mirror(folder / "mirror")
    build(folder / "mirror", folder / "snapshots", catalog=catalog, complete=False, say=lambda _: None)
    return folder, catalog


@pytest.fixture(scope="module")
def tables(tiny):
    folder, _ = tiny
    return {name: store.load(name, folder / "snapshots") for name in CONTRACTS}


def test_every_table_of_the_contracts_is_made_and_described(tiny):
    folder, _ = tiny
    manifest = store.manifest(folder / "snapshots")
    assert set(manifest["tables"]) == set(CONTRACTS)
    files = {path.name for path in (folder / "snapshots").iterdir()}
    assert files == {f"{name}.parquet" for name in CONTRACTS} | {"manifest.json"}
    for name, entry in manifest["tables"].items():
        path = folder / "snapshots" / entry["file"]
        assert entry["sha256"] == sha256_of(path)
        assert entry["bytes"] == path.stat().st_size
        assert entry["rows"] == len(store.load(name, folder / "snapshots"))
        assert entry["sources"]
        assert entry["vintage"]


def test_the_manifest_has_no_clock_no_path_and_no_host(tiny):
    folder, _ = tiny
    text = (folder / "snapshots" / "manifest.json").read_text(encoding="utf-8")
    assert str(folder) not in text
    assert not re.search(r"\d{2}:\d{2}:\d{2}|/work|/tmp|/home|https?:", text)


def test_built_twice_gives_the_same_bytes(tiny, tmp_path):
    folder, catalog = tiny
    build(folder / "mirror", tmp_path / "again", catalog=catalog, complete=False, say=lambda _: None)
    for path in (folder / "snapshots").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_every_file_of_the_catalogue_is_read(tiny):
    folder, catalog = tiny
    asked = set()

    class Watched(Mirror):
        def file(self, source_id, name):
            asked.add((source_id, name))
            return super().file(source_id, name)

    make_snapshot(Watched(folder / "mirror", catalog), say=lambda _: None)
    assert asked == set(CONTENTS)


def test_communes(tables):
    communes = tables["communes"].set_index("commune_code")
    assert len(communes) == 103  # 101 departments, two more in 09; Saint-Pierre is out of scope
    assert communes.loc["09122", "postcodes"] == "09000 09001"
    assert communes.loc["09122", "point_origin"] == "mairie"
    assert communes.loc["09160", "point_origin"] == "surface"  # its mairie stands in another country
    assert communes.loc["09999", "point_origin"] == "centre_epci"  # neither mairie nor shape
    assert pd.isna(communes.loc["09999", "area_km2"])
    assert communes.loc["75056", "epci_code"] != communes.loc["75056", "epci_code"]  # NaN: Paris has none here
    assert communes["area_km2"].between(60, 130).sum() == 102  # 0.1 degree squares


def test_epci_belongs_where_most_of_its_people_live(tables):
    epci = tables["epci"].set_index("epci_code").loc["200000001"]
    assert epci["departement_code"] == "09"
    assert epci["population"] == 9000 + 6000 + 50 + 1000  # and not the figure of the EPCI file


def test_bassins_de_vie_and_aires_hold_the_communes_of_today(tables):
    communes = tables["communes"].set_index("commune_code")
    assert communes.loc[["09122", "09160"], "bassin_de_vie_code"].tolist() == ["09122"] * 2
    assert communes.loc[["09122", "75056"], "aire_attraction_code"].tolist() == ["101", "001"]
    assert communes.loc[["09999", "97411"], "aire_attraction_code"].isna().all()  # too new; out of any aire
    assert pd.isna(communes.loc["09999", "bassin_de_vie_code"])
    foix = tables["bassins_de_vie"].set_index("bassin_de_vie_code").loc["09122"]
    assert foix.drop("share_ald").tolist() == ["Bassin 09122", 85.0, pytest.approx(0.095), 0.2]
    assert pd.isna(foix["share_ald"])
    assert tables["aires_attraction"]["name"].tolist() == ["Paris", "Foix"]


def test_history_never_holds_a_current_code(tables):
    history = tables["commune_history"].set_index("old_code")
    assert history["relation"].to_dict() == {
        "09161": "associee",
        "09900": "ancienne",
        "75101": "arrondissement",
        "75102": "arrondissement",
    }


def test_apl_keeps_its_units_and_names_the_current_commune(tables):
    apl = tables["apl"]
    holders = apl[apl["vintage"] == 2022].set_index("unit_code")["commune_code"]
    assert holders.to_dict() == {"09122": "09122", "09900": "09122", "75101": "75056", "75102": "75056"}
    assert apl.loc[apl["unit_code"] == "97101", "apl"].isna().all()  # unknown stays unknown


def test_populations_stand_on_the_present_communes(tables):
    series = tables["population_series"].set_index(["commune_code", "year"])["population"]
    assert series["09122", 2017] == 8_100  # on the commune of today: 09900, absorbed since, is in it
    assert series["09122", 2023] == 9_000
    assert pd.isna(series["09999", 2017])  # not known on today's perimeter
    assert pd.isna(series["97601", 2017])
    assert pd.isna(series["97601", 2023])  # the list's population of Mayotte is that of 2017
    assert len(series) == 2 * len(tables["communes"])


def test_estimates_are_those_of_the_workbook(tables):
    rows = tables["population_estimates"]
    assert rows[["departement_code", "year", "age_min", "population"]].values.tolist() == [
        ["09", 2023, age, count] for age, count in zip([0, 20, 40, 60, 75], [300, 0, 0, 0, 100], strict=True)
    ]


def test_traits_quarters_and_access_to_professions(tables):
    traits = tables["commune_traits"].set_index("commune_code")
    assert len(traits) == len(tables["communes"])
    foix = traits.loc["09122"].to_dict()
    assert foix == {
        "density_level": "5",
        "rural_type": "petite_polarite",
        "centrality": "local",
        "massif": "Massif des Pyrénées",
        "frr": "frr_plus",
        "emergency_min": 12.5,
    }
    assert traits.loc["75056", ["centrality", "massif", "emergency_min"]].isna().all()  # said unknown, or not listed
    assert tables["qpv"].to_numpy().tolist() == [["09122", "QN00901M", "Nord"], ["09122", "QN00902M", "Sud"]]
    units = tables["apl_professions"].query("vintage == 2023").set_index("unit_code")
    assert units["commune_code"].to_dict() == {"09122": "09122", "75101": "75056", "75102": "75056"}
    assert units.loc["75102", ["apl_midwives", "standardised_midwives"]].tolist() == [60.0, 600.0]


def test_equipment_of_a_commune_and_of_those_without(tables):
    equipment = tables["bpe_communes"].set_index("commune_code")
    assert equipment.loc["09122", ["n_gp", "n_msp", "n_midwives"]].tolist() == [12.0, 2.0, 0.0]  # 09900 added
    assert equipment.loc["09160", ["n_gp", "n_midwives"]].tolist() == [0.0, 1.0]  # named by one of the files only
    assert equipment.loc["09999"].drop("vintage").eq(0).all()  # its department is covered: it has none
    assert equipment.loc["75056"].drop("vintage").isna().all()  # a department that is not named is unknown


def test_context_of_a_commune_in_parts_is_their_weighted_mean(tables):
    context = tables["commune_context"].set_index("commune_code")
    assert context.loc["75056", "fedi"] == pytest.approx((400 * 1.0 + 600 * -4.0) / 1000)
    assert context.loc["09122", "share_75plus"] == pytest.approx(0.125)
    assert context.loc["09160", "bassin_de_vie_name"] == "Bassin 09122"
    assert (
        context.loc["09160", "bassin_de_vie_poverty_rate"] == context.loc["09122", "bassin_de_vie_poverty_rate"] == 0.2
    )
    assert pd.isna(context.loc["97601", "bassin_de_vie_poverty_rate"])  # « N/A » in the source
    assert pd.isna(context.loc["09999", "bassin_de_vie_code"])
    assert pd.isna(context.loc["97411", "fedi"])


def test_a_commune_of_several_zones_has_a_row_an_arrondissement(tables, tiny):
    zoning = tables["zoning"].set_index("part_code")
    assert zoning.loc["09122", ["zone", "share"]].tolist() == ["ZIP", 1.0]
    paris = zoning[zoning["commune_code"] == "75056"]
    assert paris[["zone", "share"]].to_numpy().tolist() == [["ZAC", 0.4], ["HZ", 0.6]]
    manifest = store.manifest(tiny[0] / "snapshots")
    assert manifest["communes_of_several_zones"] == ["75056"]
    assert [code["code"] for code in manifest["not_carried"]["zoning"]] == ["97801"]


def test_structures_are_placed_and_flagged(tables):
    structures = tables["structures"].set_index("finess_code")
    assert structures["point_flag"].to_dict() == {
        "090000002": "commune",  # no coordinates
        "090000003": "loin_commune",
        "090000004": "ok",
        "090000005": "ok",
        "090004219": "ok",
        "740000001": "commune",  # not there in 2021
        "740000002": "commune",  # in another commune in 2021
        "750000001": "ok",
        "970400001": "commune",
    }
    home = tables["communes"].set_index("commune_code").loc["09122"]
    assert structures.loc["090000002", ["longitude", "latitude"]].tolist() == [home["longitude"], home["latitude"]]
    assert structures.loc["090000005", "commune_code"] == "09122"  # was 09900
    assert pd.isna(structures.loc["090000004", "opened_on"])  # a placeholder of FINESS


def test_msp_of_the_whole_country_are_dated_and_say_how_their_category_is_known(tables, tiny):
    structures = tables["structures"].set_index("finess_code")
    assert set(structures.loc[structures["region_code"] != "76", "structure_type"]) == {"msp"}
    dated = structures[["category_basis", "as_of", "place_as_of", "address"]]
    dated = dated.assign(**{day: dated[day].dt.strftime("%Y-%m-%d").fillna("") for day in ("as_of", "place_as_of")})
    here = ["finess_2021", "2026-05-12", "2021-01-08", "3 RUE HAUTE, 75000 Ville de 75"]
    assert dated.loc["750000001"].tolist() == here
    assert dated.loc["740000002"].tolist() == ["finess_2021", "2026-05-12", "", ""]
    assert dated.loc["740000001"].tolist() == ["nom", "2026-05-12", "", ""]
    assert dated.loc["090004219"].tolist()[:3] == ["finess", "2026-04-01", "2026-04-01"]
    report = store.manifest(tiny[0] / "snapshots")["structures"]
    assert (report["n_doubtful_left_out"], report["n_category_from_name"], report["n_moved_since_2021"]) == (1, 2, 1)


def test_sites_of_2021_have_the_commune_of_their_address_or_of_their_point(tables, tiny):
    of_2021 = tables["structures_2021"].set_index("finess_code")
    assert of_2021["structure_type"].to_dict() == {
        "740000002": "msp",
        "750000001": "msp",
        "750000002": "cpts",
        "750000004": "centre_sante",
    }
    assert set(of_2021["commune_code"]) == {"75056"}
    assert of_2021.loc["750000002", "point_flag"] == "commune"
    report = store.manifest(tiny[0] / "snapshots")["structures_2021"]
    assert (report["n_by_point_alone"], report["n_without_commune"]) == (1, 1)


def test_the_regions_of_each_type_are_told(tiny):
    folder = tiny[0] / "snapshots"
    assert store.covered_regions("structures", folder=folder) == {"76"}
    assert store.covered_regions("structures", "cpts", folder) == {"76"}
    assert len(store.covered_regions("structures", "msp", folder)) == 18


def test_shapes_are_a_geoparquet_in_degrees(tiny):
    shapes = gpd.read_parquet(store.snapshot_path("commune_geometry", tiny[0] / "snapshots"))
    assert shapes.crs == "EPSG:4326"
    assert len(shapes) == 102


@pytest.mark.parametrize(("source_id", "name"), sorted(CONTENTS))
def test_a_missing_file_is_named(tiny, tmp_path, source_id, name):
    _, catalog = tiny
    mirror = Mirror(tmp_path, catalog)
    with pytest.raises(SourceMissing, match=re.escape(catalog.file(source_id, name).path)):
        mirror.file(source_id, name)


def test_another_file_than_the_one_described_is_refused(tiny, tmp_path):
    folder, catalog = tiny
    shutil.copytree(folder / "mirror", tmp_path / "mirror")
    path = tmp_path / "mirror" / catalog.file("cnam_effectifs", "counts").path
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(CatalogError, match="un autre fichier est un autre millésime"):
        Mirror(tmp_path / "mirror", catalog).file("cnam_effectifs", "counts")


def broken_mirror(tiny, tmp_path, source_id, name, contents):
    folder, catalog = tiny
    shutil.copytree(folder / "mirror", tmp_path / "mirror")
    (tmp_path / "mirror" / catalog.file(source_id, name).path).write_bytes(contents)
    return tmp_path / "mirror", catalog_of(tmp_path / "mirror")


def test_a_failed_build_leaves_the_previous_snapshot_and_nothing_else(tiny, tmp_path):
    region = json.loads(_msp("region"))
    region[0]["nb-maisons-sante"][0]["value"] += 1  # one more than its departments
    mirror, catalog = broken_mirror(tiny, tmp_path, "dgos_msp", "region", json.dumps(region).encode())
    out = tmp_path / "snapshots"
    out.mkdir()
    (out / "manifest.json").write_text("previous", encoding="utf-8")
    with pytest.raises(ContractError, match="msp_series, 76, 2021-12-31"):
        build(mirror, out, catalog=catalog, complete=False, say=lambda _: None)
    assert [path.name for path in out.iterdir()] == ["manifest.json"]
    assert (out / "manifest.json").read_text(encoding="utf-8") == "previous"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mirror", "snapshots"]


def test_a_new_snapshot_replaces_the_previous_one_whole(tiny, tmp_path):
    folder, catalog = tiny
    out = tmp_path / "snapshots"
    out.mkdir()
    (out / "old.parquet").write_bytes(b"old")
    build(folder / "mirror", out, catalog=catalog, complete=False, say=lambda _: None)
    assert not (out / "old.parquet").exists()
    assert (out / "manifest.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["snapshots"]


def test_the_row_bounds_of_france_refuse_a_tiny_country(tiny, tmp_path):
    folder, catalog = tiny
    with pytest.raises(ContractError, match="nombre de lignes"):
        build(folder / "mirror", tmp_path / "out", catalog=catalog, say=lambda _: None)
    assert not (tmp_path / "out").exists()


def test_command_line_says_what_is_missing_and_fails(tmp_path, capsys):
    assert main(["build", "--mirror", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Fichier absent : communes.json" in said.err
    assert "n’ont pas été touchées" in said.err


def test_command_line_wants_a_mirror(monkeypatch, capsys):
    monkeypatch.delenv("MAILLAGE_MIRROR", raising=False)
    with pytest.raises(SystemExit) as stopped:
        main(["build"])
    assert stopped.value.code == 2
    assert "MAILLAGE_MIRROR" in capsys.readouterr().err


def test_every_fault_of_the_data_is_caught_by_one_class():
    assert issubclass(ContractError, DataError)
    assert issubclass(CatalogError, DataError)


@pytest.mark.mirror
def test_the_committed_snapshot_is_what_the_mirror_gives(mirror, tmp_path):
    lines = []
    build(mirror, tmp_path / "snapshots", say=lines.append)
    assert lines[-1].startswith("Terminé")
    built = {path.name: path.read_bytes() for path in (tmp_path / "snapshots").iterdir()}
    assert sum(map(len, built.values())) <= 15e6
    committed = {path.name: path.read_bytes() for path in SNAPSHOTS.iterdir()}
    assert set(built) == set(committed)
    assert [name for name in built if built[name] != committed[name]] == []
    manifest = json.loads(built["manifest.json"])
    assert manifest["mairie_points"]["n_absent"] == 50  # 48 missing and 2 empty
    assert manifest["boundaries"]["shapeless"] == ["15031", "15035", "15047", "15171"]
    # Codes of no current commune are those of the collectivities, which are out of scope; the zoning has two more.
    left = [code["reason"] for name, codes in manifest["not_carried"].items() if name != "zoning" for code in codes]
    assert set(left) == {OUT_OF_SCOPE}
