"""What a version of a list of projects changed, project by project."""

import pandas as pd
import sqlalchemy as sa

from coverage.terms.project_list import COLUMNS
from data.projects.storage import read_projects, records_of


def compare_versions(engine: sa.Engine, owner: str, version: int) -> pd.DataFrame:
    """Tell project by project what a version changed.

    Returns
    -------
    pandas.DataFrame
        project_id, name, change ("ajouté", "modifié", "retiré") and columns (those that changed, parted by ", ").
    """
    old = records_of(read_projects(engine, owner, version - 1))
    new = records_of(read_projects(engine, owner, version))
    lines = []
    for project_id in sorted(old.keys() | new.keys()):
        before, after = old.get(project_id), new.get(project_id)
        if before == after:
            continue
        change = "ajouté" if before is None else "retiré" if after is None else "modifié"
        columns = [name for name in COLUMNS if before and after and before[name] != after[name]]
        lines.append((project_id, (after or before or {})["name"], change, ", ".join(columns)))
    return pd.DataFrame(lines, columns=["project_id", "name", "change", "columns"], dtype="str")
