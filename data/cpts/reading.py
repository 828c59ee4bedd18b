"""A user's own list of CPTS and their communes: any CSV or XLSX, read row by row, with what was wrong of each row.

One row a commune of a CPTS. The CPTS by its identifier, its name or both; the commune by its code (of any year since
the history of communes begins) or by its name, with the department where several communes have that name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from data.cpts.units import arrondissements_of, carry_units, settle
from data.errors import SourceLayoutError
from data.files.encodings import Said
from data.projects.columns import guess_columns
from data.projects.reading import RawTable, read_file
from geo.codes import is_commune_code
from geo.commune_names import CommuneNames, fold

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
_OTHERS: Final = ("commune_code", "commune_name", "postcode", "departement", "finess_code")
_SAME: Final = "même commune de la même CPTS"
_FINESS: Final = r"(?:[0-9]{2}|2[AB])[0-9]{7}"


@dataclass(frozen=True, eq=False)
class CptsReading:
    """What was read of a list.

    Attributes
    ----------
    name
        Name of the file, as it may be shown.
    perimeters
        The table `cpts_perimeters` (`data.cpts.units.settle`): one row a commune, or an arrondissement, of a CPTS.
    report
        One row a line that was not taken as it stood: line (in the file), cpts, commune (as written), kept (False where
        the line is left out), reason (French).
    n_rows
        Lines under the header.
    remarks
        What was repaired or is doubtful in the reading of the file itself.
    n_nameless
        Lines without a CPTS under a line that has one: cells that were merged in the workbook that the file comes
        from, or forgotten ones. Only their owner knows; `read_cpts_file` may be told.
    """

    name: str
    perimeters: pd.DataFrame
    report: pd.DataFrame
    n_rows: int
    remarks: tuple[Said, ...] = ()
    n_nameless: int = 0

    @property
    def n_left(self) -> int:
        """Lines that name no commune that is known, or no CPTS; not those that say the same thing twice."""
        return int((~self.report["kept"].astype(bool) & ~self.report["reason"].str.startswith(_SAME)).sum())


class _Communes:
    """The communes as a list may name them."""

    def __init__(self, communes: pd.DataFrame, history: pd.DataFrame, departements: pd.DataFrame) -> None:
        self.current = frozenset(communes["commune_code"])
        self.names = dict(zip(communes["commune_code"], communes["name"], strict=True))
        self.home = dict(zip(communes["commune_code"], communes["departement_code"], strict=True))
        self.history = history
        self.arrondissements = frozenset(arrondissements_of(history).index)
        self.rule = CommuneNames.of(communes, departements, history)


def read_cpts_file(
    contents: bytes,
    name: str,
    communes: pd.DataFrame,
    history: pd.DataFrame,
    departements: pd.DataFrame,
    *,
    from_above: bool = False,
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
        Table `commune_history`: old_code, commune_code, relation.
    departements
        Table of departments: departement_code, name.
    from_above
        A line without a CPTS is of the CPTS of the line above: what only the owner of the list can say of a text.

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
    >>> history = pd.DataFrame({"old_code": ["48400"], "commune_code": ["48095"], "relation": ["ancienne"]})
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
    is_nameless = (written["cpts_id"] == "") & (written["name"] == "")
    above = written[["cpts_id", "name"]].mask(is_nameless).ffill().fillna("")
    is_nameless &= (above != "").any(axis=1)
    if from_above:
        written.loc[is_nameless, ["cpts_id", "name"]] = above[is_nameless]
    rows = _place(written, _Communes(communes, history, departements))
    rows = _name_cpts(rows)
    if from_above:
        told = "CPTS absente : celle du dessus, « " + rows["name"] + " », est prise"
        rows["reason"] = rows["reason"].where(~is_nameless, (told + " ; " + rows["reason"]).str.removesuffix(" ; "))
    return replace(_gather(raw, rows, history), n_nameless=int(is_nameless.sum()))


def _columns(raw: RawTable) -> dict[str, int]:
    """Find the columns of the CPTS first, then those of the communes among the others."""
    labels = [fold(label) for label in raw.header]
    found = {field: at for field in _WORDS for at, label in enumerate(labels) if label in _WORDS[field]}
    others = ["" if at in found.values() else label for at, label in enumerate(raw.header)]
    found |= {field: at for field, at in guess_columns(others, raw.rows[:200]).items() if field in _OTHERS}
    if not {"cpts_id", "name"} & set(found):
        expected = "une colonne « CPTS » (nom) ou « Identifiant CPTS »"
        raise SourceLayoutError(raw.name, place="en-tête", expected=expected, found=", ".join(raw.header))
    if not {"commune_code", "commune_name"} & set(found):
        expected = "une colonne « Code commune » (INSEE) ou « Commune »"
        raise SourceLayoutError(raw.name, place="en-tête", expected=expected, found=", ".join(raw.header))
    return found


def _place(written: pd.DataFrame, known: _Communes) -> pd.DataFrame:
    """Add the current commune and the unit of each line, "" where there is none, and what is to be said of it."""
    found = [_commune_of(row, known) for row in written.to_dict("records")]
    codes, reasons = (list(values) for values in zip(*found, strict=True))
    table = pd.DataFrame({"commune_code": codes}, dtype="str")
    old = table[(table["commune_code"] != "") & ~table["commune_code"].isin(known.current)]
    carried, lost = carry_units(old, known.history, known.current)
    why = dict(zip(lost["code"], lost["reason"], strict=True))
    units = list(codes)
    for at, code in old["commune_code"].items():
        now = carried["commune_code"].get(at)
        codes[at] = now or ""
        units[at] = carried["unit_code"].get(at) or ""
        if not now:
            reasons[at] = f"{code} : {why[code]}"
        elif code in known.arrondissements:
            reasons[at] = f"arrondissement de {known.names[now]} : la CPTS n’en couvre qu’une partie"
        else:
            reasons[at] = f"ancien code {code} : aujourd’hui {known.names[now]} ({now})"
    return written.assign(
        written=[code or name for code, name in zip(written["commune_code"], written["commune_name"], strict=True)],
        commune_code=codes,
        unit_code=units,
        reason=reasons,
    )


def _commune_of(row: Mapping[str, str], known: _Communes) -> tuple[str, str]:
    """Return the code that a line says, of any year, or "" and why it says none."""
    code, name = row["commune_code"].strip().upper(), row["commune_name"].strip()
    departement, postcode = row["departement"].strip(), row["postcode"].strip()
    if not code and re.fullmatch(r"[0-9]{4,5}|2[AB][0-9]{3}", name.upper()):
        whole = known.rule.whole_code(name)
        if whole in known.current or whole not in known.rule.by_postcode:
            code, name = name.upper(), ""
    if code:
        whole = known.rule.whole_code(code, known.rule.departement(departement))
        if is_commune_code(whole) or re.fullmatch(r"9[78][0-9]{3}", whole):
            return whole, _doubt(code, whole, name, known)
        return "", f"« {row['commune_code'].strip()[:40]} » n’est pas un code de commune (cinq caractères, comme 48095)"
    if not name:
        if not postcode:
            return "", "commune absente"
        name = postcode
    return _by_name(name, departement, postcode, known)


def _doubt(code: str, whole: str, name: str, known: _Communes) -> str:
    """Say what is strange of a code that is taken all the same: a zero lost, or the name of another commune."""
    if whole != code:
        lost = len(code) == len(whole) - 1
        return f"code {code} lu {whole} ({'zéro perdu par un tableur' if lost else 'avec son département'})"
    if whole in known.current and whole not in (same := known.rule.find(name).codes or (whole,)):
        near = [other for other in same if known.home.get(other) == known.home[whole]]
        if near:
            said = f"« {name[:60]} » ({near[0]})"
            return f"le code {whole} est celui de {known.names[whole]}, la ligne dit {said} : le code est retenu"
    return ""


def _by_name(name: str, departement: str, postcode: str, known: _Communes) -> tuple[str, str]:
    home = known.rule.departement(departement) if departement else ""
    if departement and not home:
        return "", f"« {departement[:40]} » n’est pas un département"
    found = known.rule.find(name, departement=home, postcode=postcode)
    if len(found.codes) == 1:
        now = found.codes[0]
        return now, f"« {name[:60]} » : aujourd’hui {known.names[now]} ({now})" if found.is_former else ""
    if not found.codes:
        where = f" dans le département {departement[:40]}" if departement else ""
        return "", f"aucune commune actuelle ne s’appelle « {name[:60]} »{where}"
    shown = ", ".join(found.codes[:5]) + ("…" if len(found.codes) > 5 else "")  # noqa: PLR2004 - enough to understand
    return "", f"{len(found.codes)} communes s’appellent « {name[:60]} » ({shown}) : donnez le code ou le département"


def _name_cpts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each line the identifier and the name of its CPTS: each stands for the other where it is missing."""
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


def _gather(raw: RawTable, rows: pd.DataFrame, history: pd.DataFrame) -> CptsReading:
    """Part the lines taken from those left out, and say both."""
    above = rows["name"].where(rows["cpts_id"] != "").ffill()
    bare = "CPTS absente" + (" (celle du dessus, « " + above + " » ?)").fillna("")
    reason = rows["reason"].mask(rows["cpts_id"] == "", bare)
    usable = (rows["cpts_id"] != "") & (rows["commune_code"] != "")
    double = usable & rows[usable].duplicated(["cpts_id", "unit_code"]).reindex(rows.index, fill_value=False)
    first = rows[usable].drop_duplicates(["cpts_id", "unit_code"]).set_index(["cpts_id", "unit_code"])["line"]
    said_before = [
        f"{_SAME} que la ligne {first[cpts_id, code]} : comptée une fois"
        for cpts_id, code in rows.loc[double, ["cpts_id", "unit_code"]].itertuples(index=False)
    ]
    reason.loc[double] = said_before
    perimeters = settle(rows[usable & ~double], history)
    whole = perimeters[perimeters["unit_code"] == perimeters["commune_code"]].set_index(["cpts_id", "commune_code"])
    of_whole = pd.MultiIndex.from_frame(rows[["cpts_id", "commune_code"]]).isin(whole.index)
    in_whole = usable & ~double & of_whole & (rows["unit_code"] != rows["commune_code"])
    reason = reason.mask(in_whole, "arrondissement d’une commune que la CPTS couvre tout entière")
    told = rows.assign(kept=usable & ~double, reason=reason, cpts=rows["name"], commune=rows["written"])
    report = told.loc[(reason != "") | ~told["kept"], list(REPORT_COLUMNS)].reset_index(drop=True)
    if not told["kept"].any():
        line, why = report[["line", "reason"]].iloc[0]
        raise SourceLayoutError(
            raw.name, place=f"ligne {line}", expected="au moins une commune d’une CPTS", found=f"aucune ({why})"
        )
    return CptsReading(raw.name, perimeters, report, len(rows), raw.remarks)
