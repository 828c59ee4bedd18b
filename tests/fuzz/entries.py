"""Every entry by which a file comes in, with an honest example of each."""

import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

from coverage.errors import CoverageError
from coverage.simulator.scenario_file import KnownCodes, SavedScenario, read_scenario, write_scenario
from coverage.simulator.supply_change import Closure, Opening
from coverage.terms.project_list import STAGES, STRUCTURE_TYPES, empty_projects
from coverage.territories.gazetteer import Gazetteer
from coverage.territories.own import OwnTerritory, read_code
from data import store
from data.cpts.reading import read_cpts_file
from data.cpts.saved import CptsList, read_list, write_list
from data.errors import DataError
from data.funding.rules import load_rules, load_zone_aids
from data.projects.columns import guess_columns
from data.projects.places import load_places
from data.projects.reading import read_file
from data.projects.rows import check_rows
from data.readers import (
    bpe_communes,
    cnam_counts,
    cnam_installations,
    cnam_patient_lists,
    commune_shapes,
    cpts_perimeters,
    drees_gp_age,
    finess_national,
    geometry_fixes,
    insee_reference_populations,
    omphale,
    population_cells,
    rpps_practitioners,
    zoning,
)
from data.sync import versions
from data.territories.reading import read_territory_file, read_text
from geo.documents import read_json
from geo.errors import GeoError
from geo.travel_time.table import read_travel_time_table
from pages.screens.workspace.document import Workspace, WorkspaceFileError, read_workspace, write_workspace
from pages.widgets.saved_views.views import PresentationFileError, read_views
from pages.widgets.two_maps.choice import TwoMaps
from reports.errors import LogoError
from reports.page.logo import as_png
from tests.data import care_files as care
from tests.data import finess_files as finess
from tests.data import population_files as population
from tests.data.official_files import OFFICIAL_FILES
from tests.data.projects.test_projects_workbooks import ods_row, open_document
from tests.data.sync_country import country, flat_country

NAMED = (DataError, GeoError, CoverageError, PresentationFileError, WorkspaceFileError, LogoError)
ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 26)


@dataclass(frozen=True)
class Entry:
    """A way in: the kind of its files, examples, and what reads the file at a path; `weight` in the draw of entries."""

    name: str
    kind: str
    examples: tuple[bytes, ...]
    read: Callable[[Path], Any]
    file: str = "fichier.csv"
    weight: float = 1.0


def entries() -> list[Entry]:
    """Return every entry."""
    return [*_official(), *_own(), *_territories(), *_saved(), *_workspace(), *_parameters(), *_travel_times()]


def _official() -> list[Entry]:
    found = [
        Entry(
            f"officiel, {one.name}",
            f"csv:{one.separator}" if one.kind == "csv" else "zip" if one.kind == "xlsx" else one.kind,
            (one.contents,),
            one.read,
            f"{one.name}.{one.kind}",
            0.3 if one.kind == "xlsx" else 1.0,
        )
        for one in OFFICIAL_FILES
    ]
    rpps = care.rpps_file(*(care.rpps_line(str(10**10 + n), "10", "09122") for n in range(4)))
    bpe = care.bpe_file(("09122", "COM", "D265", 12), ("09122", "COM", "D281", 3), ("75056", "COM", "D265", 9))
    ages = care.workbook(
        Effectifs=care.gp_age_rows(
            ("01-Ain", "1-Libéral exclusif", "01-moins de 30 ans", 5, 6), ("01-Ain", "0-Ensemble", "00-Ensemble", 5, 6)
        )
    )
    listed = population.text([["id_cpts", "nom_cpts", "code_insee"], ["1", "A", "09122"], ["2", "B", "75056"]])
    reference = population.reference_csv(population.populations())
    outlook = population.outlook_workbook(["09", "75"])
    text = (
        (
            "RPPS",
            "csv:|",
            rpps,
            rpps_practitioners.read_practitioners,
            "PS_LibreAcces_Personne_activite_202611010833.txt",
        ),
        ("BPE", "csv:;", bpe, lambda path: bpe_communes.read_bpe_communes(path, year=2024), "bpe.csv"),
        ("CNAM, effectifs", "csv:;", population.COUNTS, cnam_counts.read_counts_export, "effectifs.csv"),
        ("CNAM, patientèles", "csv:;", population.PATIENT_LISTS, cnam_patient_lists.read_patient_lists, "listes.csv"),
        ("CNAM, installations", "csv:;", population.INSTALLATIONS, cnam_installations.read_installations, "inst.csv"),
        ("INSEE, populations", "csv:;", reference, insee_reference_populations.read_reference_populations, "pop.csv"),
        ("INSEE, carreaux", "csv:,", population.CELLS, population_cells.read_population_cells, "carreaux.csv"),
        ("zonage", "csv:;", population.ZONES, zoning.read_zones, "zones.csv"),
        ("périmètres, liste", "csv:;", listed, cpts_perimeters.read_perimeters, "cpts.csv"),
        ("périmètres, carte", "json", population.cpts_geojson(), cpts_perimeters.read_perimeters, "cpts.geojson"),
        ("contours", "json", population.shapes_geojson(), commune_shapes.read_commune_shapes, "contours.geojson"),
        (
            "FINESS, flux",
            "json",
            finess.feed_file(*country(2), compressed=False),
            finess_national.read_finess_national,
            "f.json",
        ),
        ("FINESS, plat", "csv:;", flat_country(3), finess_national.read_finess_national, "finess.csv"),
    )
    found += [Entry(name, kind, (example,), read, file) for name, kind, example, read, file in text]
    found.append(Entry("DREES, âges", "zip", (ages,), drees_gp_age.read_gp_ages, "ages.xlsx", 0.3))
    found.append(Entry("OMPHALE", "zip", (outlook,), omphale.read_outlook, "omphale.xlsx", 0.3))
    return found


def _own() -> list[Entry]:
    communes, history, departements = (store.load(name) for name in ("communes", "commune_history", "departements"))
    few = communes[communes["departement_code"].isin(["09", "48", "75"])]
    places = load_places()
    defaults = {"stage": next(iter(STAGES)), "structure_type": next(iter(STRUCTURE_TYPES))}

    def projects(path: Path) -> Any:
        table = read_file(path.read_bytes(), path.name)
        return check_rows(table, guess_columns(table.header), places, today=TODAY, defaults=defaults)

    def cpts(path: Path) -> Any:
        return read_cpts_file(path.read_bytes(), path.name, few, history, departements)

    gazetteer = Gazetteer.of(store.load, history=False)
    levels = {"apl_2023": ("commune", "departement"), "apl_65_2023": ("commune", "departement")}
    header = [
        "Nom",
        "Type",
        "Étape",
        "Code commune",
        "Commune",
        "Longitude",
        "Latitude",
        "Date d'ouverture",
        "Médecins",
    ]
    lines = [
        ["MSP de Foix", "MSP", "Projet", "09122", "Foix", "1.605", "42.966", "2027-03-01", "3"],
        ["Centre", "Centre de santé", "Ouvert", "75056", "Paris", "2,35", "48,85", "01/02/2020", ""],
    ]
    book = population.workbook({"Notes": [["lisez-moi"]], "Projets": [header, *lines]})
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(header, line, strict=True)),
            "geometry": {"type": "Point", "coordinates": [1.6, 42.96]},
        }
        for line in lines
    ]
    points = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    sheet = open_document({"Projets": "".join(starmap(ods_row, [header, *lines]))})
    umap = json.dumps({"type": "umap", "layers": [{"features": features}]}).encode()
    listed = population.text([["CPTS", "Code INSEE", "Commune"], ["Lozère", "48095", "Mende"], ["Foix", "9122", ""]])
    views = json.dumps(
        {
            "schema": "maillage-presentation-1",
            "views": [
                {"title": "Une", "view": {"territoire": "departement:48"}},
                {"title": "", "view": {}, "slide": "deux_cartes", "maps": TwoMaps().to_full_query()},
            ],
        }
    ).encode()
    return [
        Entry("projets, CSV", "csv:;", (population.text([header, *lines]),), projects, weight=4),
        Entry("projets, classeur", "zip", (book,), projects, "projets.xlsx", 0.5),
        Entry("projets, GeoJSON", "json", (points,), projects, "projets.geojson", 4),
        Entry("projets, uMap", "json", (umap,), projects, "projets.umap"),
        Entry("projets, ODS", "zip", (sheet,), projects, "projets.ods", 0.3),
        Entry("liste de CPTS", "csv:;", (listed,), cpts, weight=3),
        Entry(
            "présentation", "json", (views,), lambda path: read_views(path.read_bytes(), gazetteer, levels), weight=2
        ),
    ]


def _territories() -> list[Entry]:
    """Return the ways by which a territory comes in: a list file, a pasted list, an address."""
    places = load_places()
    listed = population.text([["Territoire", "Code commune", "Commune"], ["Lot", "46042", "Cahors"], ["", "9122", ""]])
    pasted = b"48095\nFoix (09)\n48000 MENDE ; Cahors | 2A004\n"
    codes = tuple(OwnTerritory.of("Essai", chosen).code.encode() for chosen in (["48095"], ["48095", "2A004", "97411"]))
    return [
        Entry(
            "territoire, fichier", "csv:;", (listed,), lambda at: read_territory_file(at.read_bytes(), at.name, places)
        ),
        Entry(
            "territoire, collé",
            "csv:;",
            (pasted,),
            lambda at: read_text(at.read_bytes().decode(errors="replace"), places),
        ),
        Entry("territoire, adresse", "bytes", codes, lambda at: read_code(at.read_bytes().decode(errors="replace"))),
    ]


def _saved() -> list[Entry]:
    """Return the entries of what a reader has saved, or gives beside the data."""
    codes = KnownCodes({"commune": ("12145", "01001"), "departement": ("12",)}, ("apl_2023",))
    scenario = write_scenario(SavedScenario("Millau", "apl_2023", (Opening("12145", 2.5), Closure("01001", 1.0))))
    communes, history = store.load("communes"), store.load("commune_history")
    few = communes[communes["departement_code"].isin(["09", "48", "75"])]
    listed = b"CPTS;Code INSEE\nA;48095\nB;09122\n"
    reading = read_cpts_file(listed, "x.csv", few, history, store.load("departements"))
    kept = write_list(CptsList("x.csv", TODAY, ("48",), reading.perimeters))
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (0, 0, 128)).save(picture, format="png")
    photograph = io.BytesIO()
    Image.new("RGB", (40, 30), (0, 0, 128)).save(photograph, format="jpeg")

    def saved_list(path: Path) -> Any:
        return read_list(path.read_text(encoding="utf-8", errors="replace"), path.name, few, history)

    return [
        Entry("scénario", "json", (scenario.encode(),), lambda path: read_scenario(path.read_bytes(), codes)),
        Entry("liste de CPTS gardée", "json", (kept.encode(),), saved_list),
        Entry("logo", "bytes", (picture.getvalue(), photograph.getvalue()), lambda path: as_png(path.read_bytes())),
    ]


def _workspace() -> list[Entry]:
    """Return the entry of the file that holds all that a reader keeps."""
    known = KnownCodes({"commune": ("12145", "48095"), "departement": ("12",)}, ("apl_2023",))
    gazetteer, places = Gazetteer.of(store.load, history=False), load_places()
    levels = {"apl_2023": ("commune", "departement"), "apl_65_2023": ("commune", "departement")}
    scenario = SavedScenario("Millau", "apl_2023", (Opening("12145", 2.5),))
    kept = Workspace((OwnTerritory.of("Essai", ["48095", "2A004"]),), empty_projects(), (scenario,), ())
    document = json.loads(write_workspace(kept, {}, TODAY))
    document["projects"] = {
        "header": ["Nom", "Type", "Étape", "Code commune"],
        "rows": [["A", "MSP", "Projet", "48095"]],
    }
    document["views"]["views"] = [{"title": "Une", "view": {"territoire": "departement:48"}}]

    def read(path: Path) -> Any:
        return read_workspace(
            path.read_bytes(), gazetteer=gazetteer, indicators=levels, known=known, places=places, today=TODAY
        )

    return [Entry("espace de travail", "json", (json.dumps(document, indent=1).encode(),), read, "espace.json", 3)]


def _parameters() -> list[Entry]:
    def pointer(path: Path) -> Any:
        home = path.parent / "synced" / "x"
        home.mkdir(parents=True, exist_ok=True)
        path.replace(home / versions.POINTER)
        return versions.read_pointer("x", path.parent)

    def aids(path: Path) -> Any:
        return load_zone_aids(path.parent)

    def msp_rules(path: Path) -> Any:
        return load_rules("msp", on=TODAY, folder=path.parent)

    funding = ROOT / "data" / "funding"
    rules = next(iter(sorted(funding.glob("msp_*.toml"))))
    fixes = ROOT / "data" / "geometry_fixes.toml"
    manifest = b'{"version": "20261120-0123456789ab", "previous": null}'
    return [
        Entry("corrections de contours", "toml", (fixes.read_bytes(),), geometry_fixes.read_geometry_fixes, fixes.name),
        Entry("aides par zone", "toml", ((funding / "zone_aids.toml").read_bytes(),), aids, "zone_aids.toml"),
        Entry("règles de financement", "toml", (rules.read_bytes(),), msp_rules, rules.name),
        Entry("pointeur", "json", (manifest,), pointer, "pointeur.json"),
        Entry("document", "json", (manifest,), read_json, "document.json"),
    ]


def _travel_times() -> list[Entry]:
    codes = ["01001", "01002", "01004"]

    def times(path: Path) -> Any:
        return read_travel_time_table(path, codes, vintage="x")

    text = population.text([["origin", "destination", "minutes"], ["01001", "01002", "12,5"], ["01002", "01001", "13"]])
    frame = pd.DataFrame({"origin": ["01001", "01002"], "destination": ["01002", "01001"], "minutes": [1.0, 2.0]})
    odd = (
        frame,
        frame.assign(minutes=[{"a": 1}, {"a": 2}]),
        frame.assign(origin=[["x"], ["y"]]),
        frame.assign(minutes=[b"\x00", b"1"]),
        frame.assign(minutes=pd.to_timedelta([1, 2], unit="s")),
    )
    tables = []
    for one in odd:
        into = io.BytesIO()
        one.to_parquet(into)
        tables.append(into.getvalue())
    return [
        Entry("temps de trajet, CSV", "csv:;", (text,), times, "temps.csv", 2),
        Entry("temps de trajet, Parquet", "bytes", tuple(tables), times, "temps.parquet"),
    ]
