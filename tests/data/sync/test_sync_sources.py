"""Sync from end to end, one source after the other: CNAM, INSEE, shapes, CPTS, zones, MSP, on the tiny country."""

from __future__ import annotations

import gzip
import json
import math
import urllib.parse

import geopandas as gpd
import pytest

from data import store
from data.__main__ import main
from data.errors import SnapshotMissing
from data.sources import registry
from data.sources.catalog import load_catalog
from data.sync.run import sync
from tests.data.population_files import (
    CELLS,
    COUNTS,
    GP,
    INSTALLATIONS,
    PATIENT_LISTS,
    ZONES,
    ages_csv,
    archive,
    cell_line,
    cpts_geojson,
    feature,
    geojson,
    outlook_workbook,
    populations,
    reference_csv,
    shapes_geojson,
    square,
    text,
)
from tests.data.tiny_mirror import DEPARTEMENT_CODES, _msp, commune_of

REMOTES = registry.load_remotes()
DEPARTEMENT_NAMES = [f"Département {code}" for code in DEPARTEMENT_CODES if code != "976"]


def path_of(source_id: str, number: int = 0) -> str:
    """Return the path and query of an address of the catalogue."""
    parts = urllib.parse.urlsplit(REMOTES[source_id].addresses[number].file)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def synced(source_id: str, **more):
    """Sync one source, without waiting between attempts."""
    (outcome,) = sync((source_id,), complete=False, say=lambda _: None, wait=lambda _: None, **more)
    return outcome


CONTENTS = {
    "cnam_counts": COUNTS,
    "cnam_patient_lists": PATIENT_LISTS,
    "cnam_installations": INSTALLATIONS,
    "insee_reference_populations": archive(
        **{"donnees_communes.csv": reference_csv(populations()), "donnees_regions.csv": b"REG;PMUN\n76;1\n"}
    ),
    "insee_population_age": archive(**{"TD_POP1B_2021.csv": ages_csv(populations()), "meta_TD.csv": b"a;b\n1;2\n"}),
    "insee_omphale": archive(
        **{
            "donnees_det_Central.xlsx": outlook_workbook(DEPARTEMENT_NAMES),
            "donnees_det_Pop_haute.xlsx": outlook_workbook(DEPARTEMENT_NAMES, 200.0),
            "lisez-moi.txt": b"...",
        }
    ),
    "commune_shapes": gzip.compress(shapes_geojson()),
    "cpts_perimeters": cpts_geojson(),
}
"""What the server of each source sends."""


@pytest.fixture
def served(sync_server, sync_folder):
    """Serve every source that has an address."""
    for source_id, contents in CONTENTS.items():
        sync_server.files[path_of(source_id)] = contents
    return sync_server


@pytest.mark.parametrize("source_id", CONTENTS)
def test_each_source_is_installed_then_unchanged_then_taken_back(source_id, served):
    before = store.manifest()["tables"]
    outcome = synced(source_id)
    assert outcome.status == "installed", outcome.sentence
    assert store.warnings() == ()
    for name in REMOTES[source_id].tables:
        entry = store.manifest()["tables"][name]
        assert entry["sources"] == [source_id]
        assert len(store.load(name)) == entry["rows"] > 0
    assert synced(source_id).status == "unchanged"
    assert main(["rollback", source_id]) == 0
    assert store.manifest()["tables"] == before


@pytest.mark.parametrize("source_id", CONTENTS)
@pytest.mark.parametrize("kind", ["html", "cut"])
def test_a_bad_file_leaves_what_was_there(source_id, kind, served):
    contents = CONTENTS[source_id]
    served.files[path_of(source_id)] = (
        b"<!DOCTYPE html><p>Maintenance" if kind == "html" else contents[: len(contents) // 2]
    )
    before = store.manifest()["tables"]
    outcome = synced(source_id)
    assert outcome.status == "failed"
    assert "restent en place" in outcome.sentence
    assert store.manifest()["tables"] == before


@pytest.mark.parametrize("name", ["population_age", "population_outlook", "cnam_patient_lists"])
def test_a_table_not_synced_yet_says_how_to_get_it(name, sync_folder):
    with pytest.raises(SnapshotMissing, match="python -m data sync"):
        store.load(name)


def test_the_last_year_of_the_counts_replaces_the_embedded_one(served):
    synced("cnam_counts")
    table = store.load("professionals")
    assert table["vintage"].unique().tolist() == [2024]
    assert dict(zip(table["departement_code"], table["n_professionals"], strict=True)) == {"09": 120.0, "974": 7.0}
    assert store.manifest()["tables"]["professionals"]["vintage"] == "2024"


def test_populations_change_and_nothing_else_does(served):
    embedded = {name: store.load(name) for name in ("communes", "epci")}
    synced("insee_reference_populations")
    communes = store.load("communes")
    known = communes.set_index("commune_code")["population"]
    # Foix with the 500 of the commune that it took in; Paris is its two arrondissements; Mayotte is not in the file
    assert known[["09122", "09160", "75056", commune_of("01"), commune_of("976")]].tolist() == [
        10_000.0, 6_100.0, 1_500.0, 1_010.0, 1_000.0,
    ]  # fmt: skip
    assert communes.drop(columns="population").equals(embedded["communes"].drop(columns="population"))
    epci = store.load("epci")
    assert epci["population"].tolist() == [10_000.0 + 6_100.0 + 40.0 + 1_010.0]
    assert epci.drop(columns="population").equals(embedded["epci"].drop(columns="population"))
    manifest = store.manifest()
    assert manifest["tables"]["communes"]["vintage"] == "populations de 2023"
    assert manifest["synced"]["insee_reference_populations"]["report"]["n_populations_kept_from_before"] == 1


def test_populations_that_lack_communes_are_refused(served):
    few = [pair for pair in populations() if pair[0] not in {"01001", "02001", "03001"}]
    served.files[path_of("insee_reference_populations")] = archive(**{"donnees_communes.csv": reference_csv(few)})
    outcome = synced("insee_reference_populations")
    assert outcome.status == "failed"
    assert "3 absentes, dont 01001, 02001, 03001" in outcome.sentence


def test_inhabitants_that_vanish_are_a_suspect_drop(served):
    fewer = reference_csv(populations(others=800))
    served.files[path_of("insee_reference_populations")] = archive(**{"donnees_communes.csv": fewer})
    assert "habitants" in synced("insee_reference_populations").sentence
    assert synced("insee_reference_populations", accept_drop=True).status == "installed"


def test_ages_are_carried_to_the_current_communes(served):
    synced("insee_population_age")
    table = store.load("population_age")
    totals = table.groupby("commune_code")["population"].sum()
    assert totals["09122"] == pytest.approx(10_000)
    assert totals["75056"] == pytest.approx(1_500)
    assert table[table["commune_code"] == "09122"]["age_max"].tolist()[-1] == math.inf
    assert set(totals.index) == {code for code, _ in populations()} - {"09900", "75101", "75102"} | {"75056"}
    assert store.manifest()["tables"]["population_age"]["vintage"] == "recensement 2021"


def test_a_census_cut_between_two_lines_is_a_suspect_drop(served):
    lines = ages_csv(populations()).splitlines(keepends=True)
    served.files[path_of("insee_population_age")] = archive(
        **{"TD_POP1B_2021.csv": b"".join(lines[: len(lines) * 3 // 4])}
    )
    outcome = synced("insee_population_age")
    assert outcome.status == "failed"
    assert "Baisse suspecte" in outcome.sentence


def test_projections_of_every_department_and_scenario(served):
    synced("insee_omphale")
    table = store.load("population_outlook")
    assert table["scenario"].unique().tolist() == ["central", "pop_haute"]
    assert set(table["departement_code"]) == set(DEPARTEMENT_CODES) - {"976"}
    of_corsica = table.query("departement_code == '2A' and scenario == 'central' and year == 2020")
    assert of_corsica["population"].tolist() == [205.0] * 3
    assert store.manifest()["tables"]["population_outlook"]["vintage"] == "projections 2018-2020"


def test_projections_of_names_that_are_no_department_are_refused(served):
    made = archive(**{"donnees_det_Central.xlsx": outlook_workbook(["Bavière"])})
    served.files[path_of("insee_omphale")] = made
    assert "Bavière" in synced("insee_omphale").sentence


def test_shapes_are_joined_and_made_a_coverage(served):
    assert synced("commune_shapes").status == "installed"
    shapes = gpd.read_parquet(store.snapshot_path("commune_geometry")).set_index("commune_code").geometry
    assert "97501" not in shapes.index
    assert shapes["09122"].area == pytest.approx(0.01, rel=1e-3)  # two halves, its own and that of 09900
    assert gpd.GeoSeries(shapes).is_valid_coverage()


def test_the_map_is_drawn_from_the_shapes_in_place(served, tmp_path):
    index = tmp_path / "geometry" / "index.json"

    def drawn() -> str:
        assert main(["assets", "--static", str(tmp_path)]) == 0
        return json.loads(index.read_text(encoding="utf-8"))["made_from"]["commune_geometry.parquet"]

    embedded = drawn()
    served.files[path_of("commune_shapes")] = gzip.compress(shapes_geojson())
    assert synced("commune_shapes").status == "installed"
    assert drawn() == store.manifest()["tables"]["commune_geometry"]["sha256"] != embedded
    main(["rollback", "commune_shapes"])
    assert drawn() == embedded


def test_shapes_of_another_list_of_communes_are_refused(served):
    served.files[path_of("commune_shapes")] = gzip.compress(shapes_geojson(without=("01", "2A")))
    outcome = synced("commune_shapes")
    assert outcome.status == "failed"
    assert "2 communes sans contour : 01001, 2A001" in outcome.sentence
    assert "d’une autre année" in outcome.sentence


def test_cpts_by_outline_small_ones_in_part_and_projects_aside(served):
    synced("cpts_perimeters")
    table = store.load("cpts_perimeters")
    assert list(zip(table["cpts_id"], table["commune_code"], strict=True)) == [
        ("1", "09122"),
        ("1", "09160"),
        ("2", "75056"),
    ]
    assert table["finess_code"].isna().tolist() == [False, False, True]
    assert table["extent"].tolist() == ["entier", "entier", "partie"]
    report = store.manifest()["synced"]["cpts_perimeters"]["report"]
    assert (report["n_cpts"], report["n_cpts_within_a_commune"], report["n_projects_left_out"]) == (2, 1, 1)


@pytest.mark.parametrize(("side", "extent"), [(0.1, "entier"), (0.07, "partie")])
def test_an_outline_has_a_city_of_arrondissements_whole_only_when_it_covers_it(served, side, extent):
    """An outline of 0.07 degree has the inner point of Paris, whose side is 0.1, and half of its area."""
    outline = feature({"id_cpts": 1, "nom_cpts": "CPTS"}, square("75", side=side).buffer(0.0001))
    beside = feature({"id_cpts": 2, "nom_cpts": "CPTS"}, square("09", side=0.2).buffer(0.001))
    served.files[path_of("cpts_perimeters")] = geojson([outline, beside])
    synced("cpts_perimeters")
    table = store.load("cpts_perimeters")
    assert table.loc[table["commune_code"] == "75056", ["unit_code", "extent"]].to_numpy().tolist() == [
        ["75056", extent]
    ]


def test_arrondissements_of_a_list_are_kept_and_all_of_them_are_the_city(served, tmp_path):
    rows = [["Code INSEE", "Commune", "CPTS"], ["75101", "Paris 1er", "A"], ["75101", "", "B"], ["75102", "", "B"]]
    path = tmp_path / "cpts.csv"
    path.write_bytes(text(rows))
    assert synced("cpts_perimeters", own_file=path).status == "installed"
    assert store.load("cpts_perimeters")["unit_code"].tolist() == ["75101", "75056"]


def test_cpts_of_a_list_carry_former_communes_and_say_the_others(served, tmp_path):
    rows = [["Code INSEE", "Commune", "CPTS"], ["09900", "Absorbée", "A"], ["09122", "Foix", "A"], ["98765", "?", "A"]]
    path = tmp_path / "cpts.csv"
    path.write_bytes(text(rows))
    assert synced("cpts_perimeters", own_file=path).status == "installed"
    assert store.load("cpts_perimeters")["commune_code"].tolist() == ["09122"]
    (left,) = store.manifest()["synced"]["cpts_perimeters"]["not_carried"]
    assert left["code"] == "98765"


def test_zones_have_no_address_and_come_from_a_file(served, tmp_path):
    outcome = synced("ars_zones")
    assert outcome.status == "failed"
    assert "cartosante.atlasante.fr" in outcome.sentence
    path = tmp_path / "zones.csv"
    path.write_bytes(ZONES)
    assert synced("ars_zones", own_file=path).status == "installed"
    zoning = store.load("zoning").set_index("part_code")
    assert zoning["zone"].dropna().to_dict() == {"09122": "ZIP", "09160": "ZAR", "75101": "ZAC", "75102": "HZ"}
    assert zoning.loc[["09122", "75101", "75102"], "share"].tolist() == [1.0, 0.4, 0.6]  # 400 and 600 inhabitants
    assert store.manifest()["synced"]["ars_zones"]["report"]["communes_of_several_zones"] == ["75056"]


def test_the_barometer_comes_from_a_folder(served, tmp_path):
    folder = tmp_path / "barometre"
    folder.mkdir()
    for level, name in {"france": "nat", "region": "reg", "departement": "dep"}.items():
        (folder / f"dms_{name}.json").write_bytes(_msp(level))
    assert synced("dgos_barometer", own_file=folder).status == "installed"
    series = store.load("msp_series")
    assert series.query("level == 'france' and structure_type == 'msp'")["n_structures"].tolist() == [7.0, 8.0, 10.0]
    (folder / "dms_reg.json").unlink()
    assert "dms_reg.json" in synced("dgos_barometer", own_file=folder).sentence


@pytest.mark.parametrize("kind", ["csv", "zip", "folder"])
def test_the_grid_of_cells_comes_from_a_file_and_is_carried_without_loss(served, tmp_path, kind):
    assert "insee.fr/fr/statistiques/7655475" in synced("insee_population_cells").sentence
    path = tmp_path / f"Filosofi2019_carreaux_200m.{kind}"
    if kind == "folder":
        path.mkdir()
        (path / "carreaux_200m_met_2019.csv").write_bytes(CELLS)
    else:
        inside = {"carreaux_200m_met.csv": CELLS, "lisez-moi.txt": b"..."}
        path.write_bytes(CELLS if kind == "csv" else archive(**inside))
    outcome = synced("insee_population_cells", own_file=path)
    assert outcome.status == "installed", outcome.sentence
    cells = store.load("population_cells")
    people = cells.groupby("commune_code")["population"].sum()
    assert people.to_dict() == {"09122": 120.5 + 30 + 20.5, "09160": 20.5, "75056": 1_300.25}
    assert len(cells) == 6  # a cell astride two arrondissements is one of Paris
    entry = store.manifest()["tables"]["population_cells"]
    assert entry["vintage"] == "2019, Département 09, Département 75"
    report = store.manifest()["synced"]["insee_population_cells"]["report"]
    assert (report["n_people"], report["n_people_not_carried"], report["n_communes"]) == (1_491.8, 0.0, 3)
    assert "insee_population_cells" in registry.sources_in_use(load_catalog(), store.manifest())
    assert main(["rollback", "insee_population_cells"]) == 0
    assert "population_cells" not in store.manifest()["tables"]


def test_a_grid_of_no_known_year_or_of_other_communes_is_refused(served, tmp_path):
    path = tmp_path / "carreaux_200m_met.csv"
    path.write_bytes(CELLS)
    assert "attendu : l’année" in synced("insee_population_cells", own_file=path).sentence.lower()
    path = tmp_path / "carreaux_200m_2019.csv"
    path.write_bytes(CELLS + ",".join(map(str, cell_line(2_000_000, 4_000_000, "98765", "900"))).encode() + b"\n")
    refused = synced("insee_population_cells", own_file=path)
    assert refused.status == "failed"
    assert "900 habitants sur 2392 ailleurs, dont 98765" in refused.sentence


def test_sources_without_address_are_left_alone_by_a_sync_of_all(served):
    outcomes = sync(complete=False, say=lambda _: None, wait=lambda _: None)
    assert not {"ars_zones", "dgos_barometer"} & {outcome.source_id for outcome in outcomes}
    assert set(CONTENTS) <= {outcome.source_id for outcome in outcomes if outcome.status == "installed"}
    assert GP in set(store.load("professionals")["profession"])
