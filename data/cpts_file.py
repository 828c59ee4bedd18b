"""A user's own list of CPTS and their communes: any CSV or XLSX, read row by row, with what was wrong of each row.

One row a commune of a CPTS. The CPTS by its identifier, its name or both; the commune by its code (of any year since
the history of communes begins) or by its name, with the department where several communes have that name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError
from data.history import carry_codes
from data.projects.columns import fold, guess_columns
from data.projects.reading import RawTable, read_file
from data.tables.schemas import COMMUNE

COLUMNS: Final = ("cpts_id", "commune_code", "name", "finess_code")
REPORT_COLUMNS: Final = ("line", "cpts", "commune", "kept", "reason")
LONGEST_ID: Final = 80
LONGEST_NAME: Final = 120

_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "cpts_id": frozenset(
        {"cpts id", "id cpts", "id", "identifiant", "identifiant cpts", "identifiant de la cpts", "code cpts"}
        | {"n cpts", "numero cpts", "num cpts", "numero de la cpts"}
    ),
    "name": frozenset(
        {"cpts", "nom cpts", "nom de la cpts", "libelle cpts", "cpts nom", "cpts name", "name", "nom", "libelle"}
        | {"denomination", "raison sociale", "intitule", "intitule de la cpts", "communaute", "structure"}
    ),
}
_OTHERS: Final = ("commune_code", "commune_name", "departement", "finess_code")
_FINESS: Final = r"(?:[0-9]{2}|2[AB])[0-9]{7}"


@dataclass(frozen=True, eq=False)
class CptsReading:
    """What was read of a list.

    Attributes
    ----------
    name
        Name of the file, as it may be shown.
    perimeters
        cpts_id, commune_code (current), name, finess_code (NA unknown): one row a commune of a CPTS, sorted by the
        first two; the table `cpts_perimeters`.
    report
        One row a line that was not taken as it stood: line (in the file), cpts, commune (as written), kept (False where
        the line is left out), reason (French).
    n_rows
        Lines under the header.
    """

    name: str
    perimeters: pd.DataFrame
    report: pd.DataFrame
    n_rows: int


class _Communes:
    """The communes as a list may name them."""

    def __init__(self, communes: pd.DataFrame, history: pd.DataFrame, departements: pd.DataFrame) -> None:
        self.current = frozenset(communes["commune_code"])
        self.names = dict(zip(communes["commune_code"], communes["name"], strict=True))
        self.home = dict(zip(communes["commune_code"], communes["departement_code"], strict=True))
        self.history = history
        self.by_name: dict[str, list[str]] = {}
        for code, name in self.names.items():
            self.by_name.setdefault(fold(name), []).append(code)
        self.departements = {fold(name): code for code, name in
                             zip(departements["departement_code"], departements["name"], strict=True)}  # fmt: skip
        self.departements |= {code.lower(): code for code in departements["departement_code"]}


def read_cpts_file(
    contents: bytes, name: str, communes: pd.DataFrame, history: pd.DataFrame, departements: pd.DataFrame
) -> CptsReading:
    r"""Read a user's list of CPTS; the good lines are taken, each of the others is said.

    Parameters
    ----------
    contents
        Bytes of a CSV (any separator and encoding) or XLSX file.
    name
        Its name, for the messages alone.
    communes
        Table of communes: commune_code, name, departement_code.
    history
        Table `commune_history`: old_code, commune_code.
    departements
        Table of departments: departement_code, name.

    Returns
    -------
    CptsReading
        At least one commune.

    Raises
    ------
    FileRefused
        The file is too big, or made to harm.
    SourceUnreadable, SourceLayoutError
        It is of another format, has no column for the CPTS or for the communes, or no line that can be used.

    Examples
    --------
    >>> communes = pd.DataFrame({"commune_code": ["48095"], "name": ["Mende"], "departement_code": ["48"]})
    >>> history = pd.DataFrame({"old_code": ["48400"], "commune_code": ["48095"]})
    >>> departements = pd.DataFrame({"departement_code": ["48"], "name": ["Lozère"]})
    >>> text = "CPTS;Code INSEE\nLozère Nord;48400\nLozère Nord;99999\n"
    >>> reading = read_cpts_file(text.encode(), "cpts.csv", communes, history, departements)
    >>> reading.perimeters["commune_code"].tolist(), reading.report["kept"].tolist()
    (['48095'], [True, False])
    """
    raw = read_file(contents, name)
    columns = _columns(raw)
    cells = {field: [row[at] for row in raw.rows] for field, at in columns.items()}
    blank = [""] * len(raw.rows)
    written = pd.DataFrame({field: cells.get(field, blank) for field in ("cpts_id", "name", *_OTHERS)}, dtype="str")
    written.insert(0, "line", raw.lines)
    rows = _place(written, _Communes(communes, history, departements))
    rows = _name_cpts(rows)
    return _gather(raw, rows)


def _columns(raw: RawTable) -> dict[str, int]:
    """Find the columns of the CPTS first, then those of the communes among the others."""
    labels = [fold(label) for label in raw.header]
    found = {field: at for field in _WORDS for at, label in enumerate(labels) if label in _WORDS[field]}
    others = ["" if at in found.values() else label for at, label in enumerate(raw.header)]
    found |= {field: at for field, at in guess_columns(others).items() if field in _OTHERS}
    if not {"cpts_id", "name"} & set(found):
        expected = "une colonne « CPTS » (nom) ou « Identifiant CPTS »"
        raise SourceLayoutError(raw.name, place="en-tête", expected=expected, found=", ".join(raw.header))
    if not {"commune_code", "commune_name"} & set(found):
        expected = "une colonne « Code commune » (INSEE) ou « Commune »"
        raise SourceLayoutError(raw.name, place="en-tête", expected=expected, found=", ".join(raw.header))
    return found


def _place(written: pd.DataFrame, known: _Communes) -> pd.DataFrame:
    """Add the current commune of each line, "" where there is none, and why."""
    found = [_commune_of(row, known) for row in written.to_dict("records")]
    codes, reasons = (list(values) for values in zip(*found, strict=True))
    table = pd.DataFrame({"commune_code": codes}, dtype="str")
    old = table[(table["commune_code"] != "") & ~table["commune_code"].isin(known.current)]
    carried, lost = carry_codes(old, known.history, known.current)
    why = dict(zip(lost["code"], lost["reason"], strict=True))
    for at, code in old["commune_code"].items():
        now = carried["commune_code"].get(at)
        codes[at] = now or ""
        reasons[at] = f"ancien code {code} : aujourd’hui {known.names[now]} ({now})" if now else f"{code} : {why[code]}"
    return written.assign(
        written=[code or name for code, name in zip(written["commune_code"], written["commune_name"], strict=True)],
        commune_code=codes,
        reason=reasons,
    )


def _commune_of(row: Mapping[str, str], known: _Communes) -> tuple[str, str]:
    """Give the code that a line says, of any year, or "" and why it says none."""
    code, name = row["commune_code"].strip().upper(), row["commune_name"].strip()
    if not code and re.fullmatch(r"[0-9]{4,5}|2[AB][0-9]{3}", name.upper()):
        code, name = name.upper(), ""
    if code:
        whole = code.zfill(5) if code.isdigit() else code
        if re.fullmatch(COMMUNE, whole) or re.fullmatch(r"9[78][0-9]{3}", whole):
            return whole, _doubt(code, whole, name, known)
        return "", f"« {row['commune_code'].strip()[:40]} » n’est pas un code de commune (cinq caractères, comme 48095)"
    if not name:
        return "", "commune absente"
    return _by_name(name, row["departement"].strip(), known)


def _doubt(code: str, whole: str, name: str, known: _Communes) -> str:
    """Say what is strange of a code that is taken all the same: a zero lost, or the name of another commune."""
    if whole != code:
        return f"code {code} lu {whole} (zéro perdu par un tableur)"
    if whole in known.current and whole not in (same := known.by_name.get(fold(name), [whole])):
        near = [other for other in same if known.home[other] == known.home[whole]]
        if near:
            said = f"« {name[:60]} » ({near[0]})"
            return f"le code {whole} est celui de {known.names[whole]}, la ligne dit {said} : le code est retenu"
    return ""


def _by_name(name: str, departement: str, known: _Communes) -> tuple[str, str]:
    found = known.by_name.get(fold(name), [])
    if departement:
        home = known.departements.get(fold(departement)) or known.departements.get(departement.zfill(2).lower())
        if home is None:
            return "", f"« {departement[:40]} » n’est pas un département"
        found = [code for code in found if known.home[code] == home]
    if len(found) == 1:
        return found[0], ""
    if not found:
        where = f" dans le département {departement[:40]}" if departement else ""
        return "", f"aucune commune actuelle ne s’appelle « {name[:60]} »{where}"
    shown = ", ".join(found[:5]) + ("…" if len(found) > 5 else "")  # noqa: PLR2004 - enough to understand
    return "", f"{len(found)} communes s’appellent « {name[:60]} » ({shown}) : donnez le code ou le département"


def _name_cpts(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each line the identifier and the name of its CPTS: each stands for the other where it is missing."""
    ids = rows["cpts_id"].str.strip().str[:LONGEST_ID]
    names = rows["name"].str.split().str.join(" ").str[:LONGEST_NAME]
    slugs = names.map(fold).str.replace(" ", "-", regex=False).str[:LONGEST_ID]
    ids = ids.where(ids != "", slugs.where(slugs != "", names))
    first_name = names.where(names != "").groupby(ids).transform("first")
    finess = rows["finess_code"].str.replace(r"\s", "", regex=True).str.upper()
    finess = finess.where(finess.str.fullmatch(_FINESS))
    return rows.assign(
        cpts_id=ids,
        name=first_name.fillna(ids),
        finess_code=finess.groupby(ids).transform("first").astype("str"),
    )


def _gather(raw: RawTable, rows: pd.DataFrame) -> CptsReading:
    """Part the lines taken from those left out, and say both."""
    reason = rows["reason"].mask(rows["cpts_id"] == "", "CPTS absente")
    usable = (rows["cpts_id"] != "") & (rows["commune_code"] != "")
    double = usable & rows[usable].duplicated(["cpts_id", "commune_code"]).reindex(rows.index, fill_value=False)
    first = rows[usable].drop_duplicates(["cpts_id", "commune_code"]).set_index(["cpts_id", "commune_code"])["line"]
    said_before = [
        f"même commune de la même CPTS que la ligne {first[cpts_id, code]} : comptée une fois"
        for cpts_id, code in rows.loc[double, ["cpts_id", "commune_code"]].itertuples(index=False)
    ]
    reason.loc[double] = said_before
    told = rows.assign(kept=usable & ~double, reason=reason, cpts=rows["name"], commune=rows["written"])
    report = told.loc[(reason != "") | ~told["kept"], list(REPORT_COLUMNS)].reset_index(drop=True)
    perimeters = rows.loc[told["kept"], list(COLUMNS)].sort_values(["cpts_id", "commune_code"], ignore_index=True)
    if perimeters.empty:
        line, why = report[["line", "reason"]].iloc[0]
        raise SourceLayoutError(
            raw.name, place=f"ligne {line}", expected="au moins une commune d’une CPTS", found=f"aucune ({why})"
        )
    return CptsReading(raw.name, perimeters.astype(dict.fromkeys(COLUMNS, "str")), report, len(rows))
