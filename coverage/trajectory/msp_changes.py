"""MSP from January 2021 to the file in use: which stayed, which opened, which are no longer found, and how surely."""

from collections import Counter
from typing import Final

import pandas as pd

from coverage.indicators.sites import as_of_2021
from coverage.terms.natures import Nature
from geo.commune_names import fold

STAYED, OPENED, GONE = "msp_restee", "msp_ouverte", "msp_absente"
CHANGES: Final = (STAYED, OPENED, GONE)

BY_NUMBER, BY_NAME = "numéro FINESS", "nom et commune"

_COMMON_WORDS: Final = frozenset({
    "msp", "maison", "maisons", "pole", "centre", "sante", "medicale", "medical", "pluri", "pluripro", "pluridisc",
    "pluriprofessionnelle", "pluriprofessionnel", "pluridisciplinaire", "professionnelle", "de", "du", "des", "d",
    "la", "le", "les", "l", "et",
})  # fmt: skip
"""Words that say MSP, not which: « MAISON DE SANTE PLURIPRO DE SEILHAC » and « Msp Seilhac » are of one name."""

RULES: Final = (
    "Même MSP : même numéro FINESS ; à défaut, même nom (sans les mots « maison de santé », « MSP », « pôle »…) dans "
    "la même commune, s’il n’y en a qu’une de ce nom à chaque date. Ouverte : aucune de 2021 ne lui répond. Fermée ou "
    "non reconnue : aucune du fichier en service ne lui répond."
)
_ANOTHER: Final = "une autre MSP de la commune a disparu ou paru entre-temps : la même, peut-être, renommée"
_STILL_COUNTED: Final = "la BPE compte encore une MSP dans la commune au 1er janvier 2024"
_DECLARED_BEFORE: Final = "ouverture déclarée avant le 8 janvier 2021"
_OTHER_TYPE_BEFORE: Final = "même numéro en 2021, sous un autre type"
_OTHER_TYPE_NOW: Final = "même numéro au fichier en service, sous un autre type"
_BY_NAME: Final = "numéro différent : reconnue à son nom"


def name_key(name: str) -> str:
    """Reduce the name of an MSP to what tells it apart; "" where nothing does.

    Examples
    --------
    >>> name_key("MAISON DE SANTE PLURIPRO DE SEILHAC"), name_key("Msp Seilhac"), name_key("Maison de santé")
    ('seilhac', 'seilhac', '')
    """
    return " ".join(word for word in fold(name).split() if word not in _COMMON_WORDS)


def same_msp(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Find the MSP of two days that are the same.

    Parameters
    ----------
    before, now
        finess_code (unique), name, commune_code.

    Returns
    -------
    dict
        By number of today, the number of before and the rule that joins them; each number once at most.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["finess_code", "name", "commune_code"]
    >>> before = pd.DataFrame([["1", "MSP A", "01001"], ["2", "MSP du Lac", "01002"]], columns=columns)
    >>> now = pd.DataFrame([["1", "MSP B", "01001"], ["9", "Maison de santé du Lac", "01002"]], columns=columns)
    >>> same_msp(before, now)
    {'1': ('1', 'numéro FINESS'), '9': ('2', 'nom et commune')}
    """
    common = set(before["finess_code"]) & set(now["finess_code"])
    pairs = {code: (code, BY_NUMBER) for code in now["finess_code"] if code in common}
    left, right = (
        [
            (str(row.finess_code), (str(row.commune_code), name_key(str(row.name_))))
            for row in table[~table["finess_code"].isin(common)].rename(columns={"name": "name_"}).itertuples()
        ]
        for table in (before, now)
    )
    n_left, n_right = (Counter(key for _, key in side) for side in (left, right))
    former = {key: code for code, key in left}
    for code, key in right:
        if key[1] and n_left[key] == n_right[key] == 1:
            pairs[code] = (former[key], BY_NAME)
    return pairs


def msp_changes(
    structures: pd.DataFrame, of_2021: pd.DataFrame, known: pd.Series, bpe_communes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the MSP of 8 January 2021 and of the file in use, each once, with what became of it.

    Source: FINESS, two days. Measured where the file in use is a FINESS with its categories; elsewhere an opening rests
    on a category deduced from the name (estimated), a site that stayed is supposed to have kept its category, and one
    that is no longer found may only be unrecognised (estimated).

    Parameters
    ----------
    structures, of_2021
        Tables `structures` and `structures_2021`.
    known
        Whether every MSP of both days is known in each commune; index `commune_code`. Others are left out.
    bpe_communes
        commune_code and n_msp on 1 January 2024, for the doubtful cases; None where there is none.

    Returns
    -------
    pandas.DataFrame
        Columns of `dated_sites`; sign, one of `CHANGES`; commune_2021 ("" if opened since), rule ("" without a pair),
        nature (`coverage.terms.natures`) and doubt (French, "" where there is none). finess_code is unique; a site gone
        has the place and day of 2021.
    """
    is_known = known[known].index
    before = as_of_2021(of_2021[of_2021["structure_type"] == "msp"])
    before = before[before["commune_code"].isin(is_known)]
    now = structures[(structures["structure_type"] == "msp") & structures["commune_code"].isin(is_known)]
    pairs = same_msp(before, now)
    partner = now["finess_code"].map({code: former for code, (former, _) in pairs.items()})
    home_2021 = before.set_index("finess_code")["commune_code"]
    rule = now["finess_code"].map({code: said for code, (_, said) in pairs.items()}).fillna("")
    seen = now.assign(
        sign=(rule != "").map({True: STAYED, False: OPENED}),
        commune_2021=partner.map(home_2021).fillna(""),
        rule=rule,
    )
    gone = before[~before["finess_code"].isin(partner.dropna())]
    gone = gone.assign(sign=GONE, commune_2021=gone["commune_code"], rule="")
    table = pd.concat([seen, gone], ignore_index=True)
    full = now.groupby("region_code")["category_basis"].agg(lambda basis: bool((basis == "finess").all()))
    table["nature"] = [
        _nature(*row, in_full=bool(full.get(region, False)))
        for *row, region in table[["sign", "category_basis", "region_code"]].itertuples(index=False, name=None)
    ]
    table["doubt"] = _doubts(table, structures, of_2021, now, bpe_communes)
    return table


def _nature(sign: str, basis: str, *, in_full: bool) -> Nature:
    if sign == GONE:
        return "mesuré" if in_full else "estimé"
    return {"finess": "mesuré", "nom": "estimé"}.get(basis, "supposé")  # type: ignore[return-value]  # literals


def _doubts(
    table: pd.DataFrame,
    structures: pd.DataFrame,
    of_2021: pd.DataFrame,
    now: pd.DataFrame,
    bpe_communes: pd.DataFrame | None,
) -> list[str]:
    opened, gone = table["sign"] == OPENED, table["sign"] == GONE
    homes = table["commune_code"]
    both = set(homes[opened]) & set(homes[gone])
    counted = set() if bpe_communes is None else set(bpe_communes.loc[bpe_communes["n_msp"] > 0, "commune_code"])
    other_before = of_2021.loc[of_2021["structure_type"] != "msp", "finess_code"]
    other_now = structures.loc[structures["structure_type"] != "msp", "finess_code"]
    reasons = {
        _ANOTHER: homes.isin(both) & (opened | gone),
        _STILL_COUNTED: gone & homes.isin(counted) & ~homes.isin(now["commune_code"]),
        _OTHER_TYPE_NOW: gone & table["finess_code"].isin(other_now),
        _OTHER_TYPE_BEFORE: opened & table["finess_code"].isin(other_before),
        _DECLARED_BEFORE: opened & (table["opened_on"] <= as_of_2021(of_2021)["as_of"].max()),
        _BY_NAME: table["rule"] == BY_NAME,
    }
    flags = pd.DataFrame(reasons)
    return [" ; ".join(reason for reason, is_so in row.items() if is_so) for row in flags.to_dict("records")]


COUNTS: Final = ("n_2021", "n_stayed", "n_opened", "n_gone", "n_came", "n_left", "n_now", "n_estimated", "n_doubtful")


def count_changes(changes: pd.DataFrame, home_of: pd.Series, known: pd.Series) -> pd.DataFrame:
    """Count the changes in each territory.

    n_2021 = n_stayed + n_left + n_gone and n_now = n_stayed + n_came + n_opened, where an MSP that came or left is one
    that stayed open and moved from or to another territory.

    Parameters
    ----------
    changes
        As returned by `msp_changes`.
    home_of
        Code of the territory of each commune; index `commune_code`, NaN for a commune in none.
    known
        As `msp_changes` takes it.

    Returns
    -------
    pandas.DataFrame
        Index the code of each territory, columns `COUNTS` (0 or more); n_estimated: openings whose category is deduced
        from the name. Communes that are not known are not counted; NaN where none of the territory is known.
    """
    here, there = changes["commune_code"].map(home_of), changes["commune_2021"].map(home_of)
    sign = changes["sign"]
    stayed = sign == STAYED
    moved = stayed & (here != there)
    parts = {
        "n_2021": there[sign != OPENED],
        "n_stayed": here[stayed & ~moved],
        "n_opened": here[sign == OPENED],
        "n_gone": here[sign == GONE],
        "n_came": here[moved],
        "n_left": there[moved],
        "n_now": here[sign != GONE],
        "n_estimated": here[(sign == OPENED) & (changes["nature"] == "estimé")],
        "n_doubtful": here[changes["doubt"] != ""],
    }
    codes = pd.Index(sorted(home_of.dropna().unique()), name="territory_code")
    counts = pd.DataFrame({name: place.value_counts().reindex(codes, fill_value=0) for name, place in parts.items()})
    some = known.reindex(home_of.index, fill_value=False).groupby(home_of.to_numpy()).any().reindex(codes)
    return counts.astype("float64").where(some.astype(bool), axis="index")
