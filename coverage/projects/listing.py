"""Which of the planner's own projects run, are on their way or late, and who accompanies them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.terms.project_list import RUNNING_STAGES, STAGES
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.commune_names import fold


def stage_ranks(projects: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the place of each project in the order of the stages: 0 for an idea, 4 for a signed ACI, -1 unknown.

    Parameters
    ----------
    projects
        `stage`: code of `STAGES`, NA unknown.

    Raises
    ------
    ValueError
        A stage that is none of `STAGES`.
    """
    stages = projects["stage"]
    if strange := set(stages.dropna()) - set(STAGES):
        raise ValueError(f"étape : attendu {', '.join(STAGES)}, trouvé {', '.join(sorted(map(str, strange)))}")
    codes = pd.Categorical(stages, categories=list(STAGES)).codes
    return np.asarray(codes, dtype=np.int64)


def is_running(projects: pd.DataFrame) -> pd.Series:
    """Tell which projects receive patients: open, or open with an ACI signed, and not abandoned."""
    return projects["stage"].isin(RUNNING_STAGES) & ~projects["abandoned"]


def is_in_project(projects: pd.DataFrame) -> pd.Series:
    """Tell which projects are on their way: a known stage before the opening, and not abandoned."""
    return projects["stage"].notna() & ~projects["stage"].isin(RUNNING_STAGES) & ~projects["abandoned"]


def is_late(projects: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Tell which projects should have opened before a day and are still on their way; not where no day is planned.

    Parameters
    ----------
    projects
        `stage`, `abandoned` and `opening_planned_on` (NaT unknown).
    day
        Day at which it is asked.
    """
    return is_in_project(projects) & (projects["opening_planned_on"] < day)


def within(projects: pd.DataFrame, gazetteer: Gazetteer, territory: Territory) -> pd.DataFrame:
    """Return the projects whose commune lies in a territory; all of them for France.

    Parameters
    ----------
    projects
        `commune_code`: current codes.
    gazetteer
        Which communes lie where.
    territory
        Any level.
    """
    if territory.level == "france":
        return projects
    inside = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    return projects[projects["commune_code"].isin(inside)]


def facilitator_names(projects: pd.DataFrame) -> pd.Series:
    """Return the facilitator of each project, one spelling a person: accents, case and hyphens do not make another.

    Returns
    -------
    pandas.Series of str
        Same index; the spelling found most often (among equals, one with capitals and small letters, then the first in
        the alphabet); NA where nobody is named.

    Examples
    --------
    >>> names = pd.Series(["Zoé Martin", "ZOE MARTIN", "Zoé Martin", None], dtype="str")
    >>> facilitator_names(pd.DataFrame({"facilitator": names})).tolist()
    ['Zoé Martin', 'Zoé Martin', 'Zoé Martin', nan]
    """
    written = projects["facilitator"].astype("str").str.strip().str.replace(r"\s+", " ", regex=True)
    written = written.mask(written.str.len() == 0)
    folded = written.map(fold, na_action="ignore")
    counts = written.groupby([folded, written]).size().rename("n").rename_axis(["folded", "written"]).reset_index()
    counts["in_one_case"] = counts["written"].str.isupper() | counts["written"].str.islower()
    counts = counts.sort_values(["n", "in_one_case", "written"], ascending=[False, True, True], kind="stable")
    chosen = counts.drop_duplicates("folded").set_index("folded")["written"]
    return folded.map(chosen).astype("str").rename("facilitator")
