"""Time and memory of reading and checking the largest sources: python -m tests.bench.bench_sync.

The files are made up, of the size of the real ones: for FINESS 105 000 open sites, and in the feed 70 000 closed ones
with the events that make most of its 700 MB; for the RPPS 2.2 million lines of 57 columns.
"""

import datetime as dt
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from data import store
from data.contracts.check import check
from data.sync.care import make_rpps_practitioners
from data.sync.finess import make_national_structures
from data.sync.made import SyncContext
from geo.codes import departements_of
from geo.crs import legal_epsg, project
from tests.data.care_files import RPPS_LABELS

N_OPEN = 105_000
N_CLOSED = 70_000
N_PRACTICES = 2_200_000
RPPS = "PS_LibreAcces_Personne_activite_202611200800.txt"
PROFESSIONS = (("10", 0.2), ("60", 0.45), ("70", 0.08), ("21", 0.06), ("40", 0.04), ("50", 0.02), ("93", 0.15))
ASKED = (
    *("Code commune (coord. structure)", "Code profession", "Identification nationale PP"),
    *("Code savoir-faire", "Code mode exercice"),
)
CATEGORIES = (("620", 0.20), ("603", 0.03), ("124", 0.03), ("604", 0.01), ("355", 0.01), ("500", 0.72))
FINESS_DEPARTEMENTS = {"971": "9A", "972": "9B", "973": "9C", "974": "9D", "976": "9F"}


def main() -> None:
    """Print each measure beside its target; each format in a process of its own, for its memory."""
    if len(sys.argv) > 2:
        measure(sys.argv[1], Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        sites = made_up_sites()
        write_flat(sites, Path(folder) / "flat.csv")
        write_feed(sites, Path(folder) / "feed.json.gz")
        write_rpps(Path(folder) / RPPS)
        for name in ("flat.csv", "feed.json.gz", RPPS):
            code = [sys.executable, "-m", "tests.bench.bench_sync", name, folder]
            subprocess.run(code, check=True, env=os.environ | {"MAILLAGE_DATA": str(Path(folder) / "data")})


def measure(name: str, folder: Path) -> None:
    """Read and check one file."""
    path = folder / name
    if name == RPPS:
        measure_rpps(path)
        return
    context = SyncContext()
    start, cpu_start = time.perf_counter(), time.process_time()
    made = make_national_structures(path, context)
    check("structures", made.tables["structures"], communes=context.table("communes"))
    took, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    resident_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    n_rows = len(made.tables["structures"])
    print(
        f"{name:13} {path.stat().st_size / 1e6:5.0f} MB, {made.report['n_sites_in_file']} sites, {n_rows} kept", end=""
    )
    print(f"  {took:6.2f} s (≤ 10), {cpu:.2f} s of processor  {resident_mb:5.0f} MB resident (≤ 600)", flush=True)


def measure_rpps(path: Path) -> None:
    """Count and check the professionals of an extraction."""
    context = SyncContext()
    start, cpu_start = time.perf_counter(), time.process_time()
    made = make_rpps_practitioners(path, context)
    check("rpps_practitioners", made.tables["rpps_practitioners"], communes=context.table("communes"))
    took, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    resident_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    n_rows = len(made.tables["rpps_practitioners"])
    print(f"RPPS          {path.stat().st_size / 1e6:5.0f} MB, {made.report['lines']} lines, {n_rows} counts", end="")
    print(f"  {took:6.2f} s (≤ 60), {cpu:.2f} s of processor  {resident_mb:5.0f} MB resident (≤ 1 000)", flush=True)


def write_rpps(path: Path) -> None:
    """Write an extraction of the RPPS: a line a practice, most cells filled, half a kilobyte a line."""
    random = np.random.default_rng(10)
    communes = store.load("communes", store.DEFAULT_FOLDER)
    weight = communes["population"].to_numpy()
    places = communes["commune_code"].to_numpy()[
        random.choice(len(communes), size=N_PRACTICES, p=weight / weight.sum())
    ]
    names, shares = zip(*PROFESSIONS, strict=True)
    professions = random.choice(names, size=N_PRACTICES, p=np.array(shares) / sum(shares))
    persons = random.integers(0, int(N_PRACTICES / 1.3), size=N_PRACTICES) + 81 * 10**10
    skills = random.choice(("SM54", "SM53", "SM04", "SM33"), size=N_PRACTICES)
    modes = random.choice(("L", "S", ""), size=N_PRACTICES, p=(0.5, 0.45, 0.05))
    cells = (
        dict.fromkeys(RPPS_LABELS, "SOIXANTE")
        | dict.fromkeys(RPPS_LABELS[19:24], "772201489")
        | {"Code catégorie professionnelle": "C"}
    )
    cells |= dict.fromkeys(RPPS_LABELS[26:31] + RPPS_LABELS[41:44], "")
    line = "|".join(f"%({name})s" if name in ASKED else cell for name, cell in cells.items()) + "|\n"
    with path.open("w", encoding="utf-8") as file:
        file.write("|".join(RPPS_LABELS) + "|\n")
        for values in zip(places, professions, persons, skills, modes, strict=True):
            file.write(line % dict(zip(ASKED, values, strict=True)))


def made_up_sites() -> pd.DataFrame:
    """Scatter sites around the mairies, as many as France has, by population."""
    random = np.random.default_rng(9)
    communes = store.load("communes", store.DEFAULT_FOLDER)
    weight = communes["population"].to_numpy()
    everywhere = np.arange(len(communes))  # no department without a site
    drawn = random.choice(everywhere, size=N_OPEN + N_CLOSED, p=weight / weight.sum())
    sites = communes.iloc[drawn].reset_index(drop=True)
    names, shares = zip(*CATEGORIES, strict=True)
    sites["category"] = random.choice(names, size=len(sites), p=shares)
    sites["longitude"] += random.normal(0, 0.01, len(sites))
    sites["latitude"] += random.normal(0, 0.01, len(sites))
    departements = departements_of(sites["commune_code"])
    projected = project(sites["longitude"], sites["latitude"], departements)
    prefix = departements.where(departements.str[:2] != "97", "97")
    number = pd.Series(np.arange(len(sites)), index=sites.index).astype("str").str.zfill(7)
    return sites.assign(
        finess_code=prefix + number,
        x=projected.x_m,
        y=projected.y_m,
        departement=departements,
        epsg=departements.map(legal_epsg),
        is_open=np.arange(len(sites)) < N_OPEN,
        has_point=random.random(len(sites)) < 0.75,
    )


def write_flat(sites: pd.DataFrame, path: Path) -> None:
    """Write the flat file: all the sites, then all the points."""
    opened = sites[sites["is_open"]]
    with path.open("w", encoding="latin-1") as file:
        file.write(f"finess;etalab;111;{dt.date(2026, 5, 12)}\n")
        for site in opened.itertuples():
            departement = FINESS_DEPARTEMENTS.get(site.departement, site.departement)
            cells = [
                *(
                    "structureet",
                    site.finess_code,
                    "010000001",
                    f"SITE {site.Index}",
                    f"SITE DE SANTÉ NUMÉRO {site.Index}",
                ),
                *("", "", "12", "R", "DES LILAS", "", "BP 12", site.commune_code[2:], departement, "DEPARTEMENT"),
                *(f"01000 {site.name}"[:30].encode("latin-1", "replace").decode("latin-1"), "0474454647", "0474454114"),
                *(
                    site.category,
                    "Centre Hospitalier (C.H.)",
                    "1102",
                    "Centres Hospitaliers",
                    "26010004500012",
                    "8610Z",
                ),
                *("03", "ARS établissements Publics de santé dotation globale", "1", "Etablissement public de santé"),
                *("1979-02-13", "1979-02-13", "2020-02-04", ""),
            ]
            file.write(";".join(cells) + "\n")
        for site in opened.itertuples():
            named = f"1,ATLASANTE,96,BAN,EPSG:{site.epsg} un nom"
            file.write(f"geolocalisation;{site.finess_code};{site.x:.1f};{site.y:.1f};{named};2026-05-04\n")


def write_feed(sites: pd.DataFrame, path: Path) -> None:
    """Write the feed: two sites a legal person, with as many events as it takes to weigh as much as the real one."""
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        file.write('{"schemaVersion":"v1.0.0","generatedAt":"2026-11-20T02:06:22Z","gcc":[],"gco":[],"pmej":[')
        for rank, entity in enumerate(_entities(sites)):
            file.write(("," if rank else "") + json.dumps(entity, ensure_ascii=False))
        file.write("]}")


def _entities(sites: pd.DataFrame) -> Iterator[dict[str, Any]]:
    event = {
        "evenementId": "140923",
        "dateEnregistrement": "2023-03-15 11:21:01",
        "dateEvenement": "1956-11-16",
        "etatObjet1": "003",
        "identifiantObjet1": "799",
        "systemeMaitre": "01",
        "typeObjet1": "EG",
        "codeEvenement": "003",
    }
    pair = []
    for site in sites.itertuples():
        point = {
            "coordonneeX": f"{site.longitude:.6f}",
            "coordonneeY": f"{site.latitude:.6f}",
            "directionLatitude": f"{site.y:.2f}",
            "directionLongitude": f"{site.x:.2f}",
            "cleInInteropBAN": f"{site.commune_code}_1950_00062",
            "scoreBAN": "0.9723536363636361",
        }
        address = {
            "usageAdresse": "03",
            "numeroVoie": "62",
            "typeVoie": "AV",
            "libelleVoie": "DE JASSERON",
            "cogCommune": site.commune_code,
            "ligneAcheminement": site.name,
            "codePostal": "01000",
            **({"coordonneesGeographique": point} if site.has_point else {}),
        }
        known = {
            "egeId": str(site.Index),
            "dateOuverture": "1956-11-16",
            "datePremiereAutorisation": "1956-11-16",
            "nomEgeCourt": f"SITE {site.Index}",
            "nomEgeLong": f"SITE DE SANTÉ NUMÉRO {site.Index}",
            "numFinessEge": site.finess_code,
            "siret": "77220148900022",
            **({} if site.is_open else {"dateFermeture": "2002-07-10"}),
        }
        pair.append(
            {
                "informationsGeneralesEGE": known,
                "categorieentiteGeographiqueExercice": site.category,
                "adresse": [address],
                "contact": [],
                "engagement": [],
                "evenement": [event] * 12,
                "roleEge": [],
                "etatObjet": "A" if site.is_open else "I",
                "dateDerniereMaj": "2021-10-18 00:00:00",
            }
        )
        if len(pair) == 2:
            yield {"informationsGeneralesPMEJ": {"numFinessPm": "010000016"}, "evenement": [event] * 5, "ege": pair}
            pair = []


if __name__ == "__main__":
    main()
