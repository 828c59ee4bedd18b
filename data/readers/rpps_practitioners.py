"""Health professionals by commune of practice: Annuaire santé, « PS libre accès », from the RPPS.

Over two million lines. Names, addresses and numbers of persons are in that file: nothing of them is kept but counts.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from data.errors import SourceLayoutError, SourceUnreadable
from data.readers.rpps_extraction import day_of, file_of, find_position, find_positions, read_blocks, read_header
from data.readers.source_table import COMMUNE_CODE

PROFESSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "10": "medecin_autre",
        "21": "pharmacien",
        "40": "chirurgien_dentiste",
        "50": "sage_femme",
        "60": "infirmier",
        "70": "masseur_kinesitherapeute",
        "80": "pedicure_podologue",
        "91": "orthophoniste",
        "92": "orthoptiste",
        "93": "psychologue",
        "94": "ergotherapeute",
        "95": "dieteticien",
    }
)
"""Our name of each profession that is counted, by its code (nomenclature G15 of the health authorities)."""

GP: Final = "medecin_generaliste"
_DOCTOR: Final = "10"
_GP_SKILLS: Final = ("SM26", "SM53", "SM54")
"""General practice: qualified GP, specialist in general practice, general practice (nomenclature R38)."""

_MODES: Final[Mapping[str, str]] = MappingProxyType({"L": "liberal", "S": "salarie"})
_STUDENT: Final = "E"

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "person": ("Identification nationale PP", "Identifiant PP"),
        "profession": ("Code profession",),
        "category": ("Code catégorie professionnelle", "Code de catégorie professionnelle"),
        "mode": ("Code mode exercice", "Code mode d'exercice"),
        "commune": ("Code commune (coord. structure)", "Code commune structure"),
    }
)
"""Labels used from 2018 to 2026, the one to be preferred first."""

_SKILL: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"skill": ("Code savoir-faire",)})
_MOST_WRONG: Final = 1e-4
"""Share of lines of another width that are stepped over: a stray bar in a name, the fields having no quotes."""

_ACTIVITY_FILES: Final = "personneactivite"
_SKILL_FILES: Final = "savoirfaire"


_Hashes: TypeAlias = npt.NDArray[np.uint64]


class Practitioners(NamedTuple):
    """What is read in the extraction.

    Attributes
    ----------
    table
        Counts by commune_code, profession and practice_mode.
    as_of
        Day of the extraction, None when its name does not say.
    counts
        Lines read, of other professions, of students, without commune, of another width.
    """

    table: pd.DataFrame
    as_of: dt.date | None
    counts: dict[str, int]


def read_practitioners(path: Path) -> Practitioners:
    """Count the professionals of each commune where they practise, by profession and mode of practice (persons).

    A person who practises at several places of a commune is counted once there, and once in each other commune. A
    doctor is a GP when one of his lines has a skill in general practice (SM26, SM53, SM54). Students are left out, as
    are the professions that `PROFESSIONS` does not name.

    Source: Agence du numérique en santé, Annuaire santé, « Extractions des données en libre accès », Personne_activite.

    Parameters
    ----------
    path
        Text file separated by bars, without quotes, in UTF-8 or ISO 8859-1; or the folder of the whole extraction, for
        the editions whose skills are in a file of their own (SavoirFaire).

    Returns
    -------
    Practitioners
        Its table is sorted by commune_code (text, of the edition: municipal arrondissements too), profession and
        practice_mode ("liberal", "salarie", "autre"); n_practitioners is a float64 whole number >= 1.

    Raises
    ------
    SourceMissing, SourceUnreadable
        When the file is absent, cut, a web page, or has many lines of another width.
    SourceLayoutError
        When a column is absent (the message names the nearest one), or nobody is found in it.
    """
    activities = file_of(path, _ACTIVITY_FILES)
    header = read_header(activities)
    wanted = dict(_COLUMNS)
    has_skill = find_position(header, _SKILL["skill"]) is not None
    if has_skill:
        wanted |= _SKILL
    elif path.is_file():
        find_positions(activities, header, _SKILL)  # says which column is absent
    wrong: list[str] = []
    communes: dict[str, int] = {}
    counts = dict.fromkeys(("lines", "other_professions", "students", "without_commune"), 0)
    pieces: list[pd.DataFrame] = []
    gps: list[_Hashes] = []
    for batch in read_blocks(activities, header, wanted, wrong):
        kept, dropped = _kept(batch)
        counts = {name: counts[name] + dropped[name] for name in counts}
        pieces.append(_numbered(kept, communes))
        if has_skill:
            gps.append(_gps(batch))
    if not has_skill:
        skills = file_of(path, _SKILL_FILES)
        needed = {"person": _COLUMNS["person"], "profession": _COLUMNS["profession"], **_SKILL}
        gps = [_gps(batch) for batch in read_blocks(skills, read_header(skills), needed, wrong)]
    if len(wrong) > max(counts["lines"] * _MOST_WRONG, 1):
        expected = f"{len(header)} cases par ligne, comme l’en-tête"
        raise SourceUnreadable(activities, expected=expected, found=f"{len(wrong)} lignes autres : « {wrong[0]} »")
    if not communes:
        raise SourceLayoutError(activities, expected="des professionnels et leur commune", found="aucun")
    table = _counted(pd.concat(pieces, ignore_index=True), np.concatenate(gps), list(communes))
    return Practitioners(table, day_of(activities.name), {**counts, "lines_of_another_width": len(wrong)})


def _kept(batch: pa.Table) -> tuple[pa.Table, dict[str, int]]:
    """Keep the lines that are counted, and say how many are not, and why."""
    is_known = compute.is_in(batch["profession"], pa.array(list(PROFESSIONS)))
    is_student = compute.equal(batch["category"], _STUDENT)
    has_commune = compute.match_substring_regex(batch["commune"], rf"^(?:{COMMUNE_CODE})$")
    counted = compute.and_(is_known, compute.invert(is_student))
    dropped = {
        "lines": batch.num_rows,
        "other_professions": batch.num_rows - _n_true(is_known),
        "students": _n_true(compute.and_(is_known, is_student)),
        "without_commune": _n_true(counted) - _n_true(compute.and_(counted, has_commune)),
    }
    kept = batch.filter(compute.and_(counted, has_commune))
    return kept.select(["person", "profession", "mode", "commune"]), dropped


def _gps(batch: pa.Table) -> _Hashes:
    """Return the persons who have a skill in general practice."""
    is_doctor = compute.equal(batch["profession"], _DOCTOR)
    is_gp = compute.and_(is_doctor, compute.is_in(batch["skill"], pa.array(_GP_SKILLS)))
    return _hashes(batch.filter(is_gp)["person"])


def _numbered(activities: pa.Table, communes: dict[str, int]) -> pd.DataFrame:
    """Write the activities in numbers, a fifth of their text: persons hashed, the rest by rank."""
    places = activities["commune"].combine_chunks().dictionary_encode()
    ranks = np.array(
        [communes.setdefault(code, len(communes)) for code in places.dictionary.to_pylist()], dtype="int32"
    )
    return pd.DataFrame(
        {
            "person": _hashes(activities["person"]),
            "commune": ranks[places.indices.to_numpy()] if len(ranks) else ranks,
            "profession": _ranks(activities["profession"], PROFESSIONS),
            "mode": _ranks(activities["mode"], _MODES),
        }
    )


def _hashes(persons: pa.ChunkedArray) -> _Hashes:
    """Hash the numbers of persons: of two million, two share one of 64 bits once in ten million files."""
    return pd.util.hash_array(persons.to_numpy(), categorize=False)


def _ranks(codes: pa.ChunkedArray, names: Mapping[str, str]) -> npt.NDArray[np.int8]:
    """Return the rank of each code, the number of names for a code without one."""
    found = compute.fill_null(compute.index_in(codes, pa.array(list(names))), len(names))
    return found.to_numpy().astype("int8")


def _counted(activities: pd.DataFrame, gps: _Hashes, communes: list[str]) -> pd.DataFrame:
    """Count each person once by commune, profession and mode."""
    once = activities.drop_duplicates()
    people = once.groupby(["commune", "profession", "mode"], sort=False)["person"]
    all_counts = people.size()
    doctor = list(PROFESSIONS).index(_DOCTOR)
    is_gp = (once["profession"] == doctor) & np.isin(once["person"].to_numpy(), gps)
    gp_counts = once[is_gp].groupby(["commune", "profession", "mode"], sort=False)["person"].size()
    others = all_counts.sub(gp_counts, fill_value=0)
    named = [
        _with_names(others[others > 0], [*PROFESSIONS.values()], communes),
        _with_names(gp_counts, [*([GP] * len(PROFESSIONS))], communes),
    ]
    keys = ["commune_code", "profession", "practice_mode"]
    return pd.concat(named).sort_values(keys, ignore_index=True)


def _with_names(counts: "pd.Series[float]", professions: list[str], communes: list[str]) -> pd.DataFrame:
    """Give their names back to counts by rank of commune, profession and mode."""
    ranks = [counts.index.get_level_values(level).to_numpy() for level in range(3)]
    names = (communes, professions, [*_MODES.values(), "autre"])
    commune, profession, mode = (
        pd.array(np.array(known)[rank], dtype="str") for known, rank in zip(names, ranks, strict=True)
    )
    return pd.DataFrame(
        {
            "commune_code": commune,
            "profession": profession,
            "practice_mode": mode,
            "n_practitioners": counts.to_numpy(dtype="float64"),
        }
    )


def _n_true(values: pa.ChunkedArray) -> int:
    return int(compute.sum(values).as_py() or 0)
