"""An own territory as a command is given it: communes in the command itself, or a list file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.territories.gazetteer import Territory
from coverage.territories.own import OwnTerritory
from data.errors import DataError
from data.projects.places import load_places
from data.territories.reading import TerritoryReading, read_territory_file, read_text
from geo.levels import ADMINISTRATIVE, Level
from reports.commands.parser import BadQuestion, read_indicators, say
from reports.figures.by_departement import WHY_UNKNOWN
from reports.figures.facts import Facts

MOST_SAID = 20
"""Faults of a list that are written out."""


def read_own_territory(communes: str | None, file: Path | None, name: str) -> Territory:
    """Read the territory of `--communes` or `--territory`; each line of a file that names no commune is said.

    Raises
    ------
    BadQuestion
        A code of the command names no commune, a file names none at all, or cannot be read.
    """
    if communes is not None:
        reading = read_text(communes, load_places())
        if reading.n_left or not reading.communes:
            left = reading.report.loc[~reading.report["kept"].astype(bool), "written"].tolist()
            found = ", ".join(f"« {text} »" for text in left[:MOST_SAID]) or "rien"
            raise BadQuestion(f"--communes : attendu des codes ou des noms de communes, trouvé {found}")
        return Territory.of_own(OwnTerritory.of(name, reading.communes))
    assert file is not None  # noqa: S101 - one of the two is given
    reading = _read_file(file)
    _say_left(file, reading)
    if not reading.communes:
        raise BadQuestion(f"--territory : aucune commune reconnue dans « {file.name} »")
    return Territory.of_own(OwnTerritory.of(name or reading.name or file.stem, reading.communes))


def _read_file(file: Path) -> TerritoryReading:
    try:
        return read_territory_file(file.read_bytes(), file.name, load_places())
    except OSError as error:
        raise BadQuestion(f"--territory : « {file.name} » ne peut être lu ({error.strerror})") from error
    except DataError as error:
        raise BadQuestion(f"--territory : {error}") from error


def _say_left(file: Path, reading: TerritoryReading) -> None:
    left = reading.report[~reading.report["kept"].astype(bool)]
    for row in left.head(MOST_SAID).itertuples(index=False):
        say(f"{file.name}, ligne {row.line} : « {row.written} » laissé de côté, {row.reason}")
    if len(left) > MOST_SAID:
        say(f"{file.name} : {len(left) - MOST_SAID} autres lignes laissées de côté")


def read_own_indicators(facts: Facts, names: Sequence[str], level: Level) -> list[Indicator]:
    """Return the indicators asked for, or all those known of an own territory when none is.

    One that is published by department only is kept, and said to be unknown.

    Raises
    ------
    BadQuestion
        One is unknown, or exists neither for communes nor for departments.
    """
    wanted = list(dict.fromkeys(name for text in names for name in text.split(",") if name))
    above = [name for name in wanted if name in INDICATORS and level not in INDICATORS[name].levels]
    by_departement = (
        [name for name in above if "departement" in INDICATORS[name].levels] if level not in ADMINISTRATIVE else []
    )
    for name in by_departement:
        say(f"{name} : inconnu pour un territoire personnel, {WHY_UNKNOWN}")
    at_level = partial(read_indicators, facts, level=level)
    if not wanted:
        return at_level([])
    return [
        read_indicators(facts, [name], "departement")[0] if name in by_departement else at_level([name])[0]
        for name in wanted
    ]
