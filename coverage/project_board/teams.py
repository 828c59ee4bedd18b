"""The teams behind the projects: who is accompanied, and the professionals by profession, small counts kept secret."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coverage.projects.listing import facilitator_names, is_in_project, is_running
from coverage.terms.project_list import PROFESSIONS


@dataclass(frozen=True)
class Accompaniment:
    """How many of some projects are accompanied; abandoned projects are left out.

    Attributes
    ----------
    n_projects
        Projects, not abandoned.
    n_accompanied, n_alone, n_unknown
        Accompanied, not accompanied, and those of which the list does not say.
    n_running, n_in_project
        Of the accompanied, those that receive patients and those on their way.
    n_facilitators
        People named as facilitators of them, counted once each.
    """

    n_projects: int
    n_accompanied: int
    n_alone: int
    n_unknown: int
    n_running: int
    n_in_project: int
    n_facilitators: int

    @property
    def share(self) -> float:
        """Share of the projects accompanied (0-1), among those of which the list says it; NaN when it says it of none.

        Where n_unknown is above 0, the true share lies between n_accompanied and n_accompanied + n_unknown, over
        n_projects.
        """
        told = self.n_accompanied + self.n_alone
        return self.n_accompanied / told if told else float("nan")


def count_accompanied(projects: pd.DataFrame) -> Accompaniment:
    """Count the projects accompanied.

    Parameters
    ----------
    projects
        `accompanied` (boolean, NA unknown), `facilitator`, `stage`, `abandoned`.
    """
    active = projects[~projects["abandoned"]]
    flags = active["accompanied"].astype("boolean")
    accompanied = active[flags.fillna(value=False).to_numpy(dtype=bool)]
    return Accompaniment(
        n_projects=len(active),
        n_accompanied=len(accompanied),
        n_alone=int((flags == False).sum()),  # noqa: E712 - NA is neither, which "not" would not say
        n_unknown=int(flags.isna().sum()),
        n_running=int(is_running(accompanied).sum()),
        n_in_project=int(is_in_project(accompanied).sum()),
        n_facilitators=int(facilitator_names(active).nunique()),
    )


def count_professionals(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the professionals of some structures by profession, and in all.

    Parameters
    ----------
    projects
        One row a structure: the columns of `PROFESSIONS` and `n_professionals`; NaN unknown.

    Returns
    -------
    pandas.DataFrame
        Index: the columns of `PROFESSIONS`, then "n_professionals". n_structures: structures that know the number;
        n_unknown: those that do not; total: sum over those that know it (NaN when none does); mean: ``total /
        n_structures``. The total of all professionals may exceed the sum of the professions: a structure may know its
        total alone.
    """
    columns = [*PROFESSIONS, "n_professionals"]
    counts = projects[columns]
    known = counts.notna().sum()
    table = pd.DataFrame(
        {
            "n_structures": known.astype("int64"),
            "n_unknown": (len(counts) - known).astype("int64"),
            "total": counts.sum(min_count=1),
        }
    )
    return table.assign(mean=table["total"] / table["n_structures"].where(table["n_structures"] > 0)).rename_axis(
        "profession"
    )


def professionals_by_group(projects: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the professionals of some structures by group and profession, with the totals of both.

    Parameters
    ----------
    projects
        One row a structure.
    by
        Column that parts them ("departement_code").

    Returns
    -------
    pandas.DataFrame
        Index: the groups, sorted, then "total". Columns: those of `PROFESSIONS`, then "n_professionals". Sums over
        the structures that know the number; NaN when none does. Not to be shown before
        `coverage.project_board.secrecy.hide_cells`.
    """
    columns = [*PROFESSIONS, "n_professionals"]
    table = projects.groupby(by)[columns].sum(min_count=1)
    table.loc["total"] = projects[columns].sum(min_count=1)
    return table
