"""The study of a candidate commune in French sentences: the same on the screen and in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coverage.access.reach import CATCHMENT_MIN
from coverage.indicators.apl_summary import UNDER_DENSE
from coverage.indicators.cards.access import series_words
from coverage.indicators.zones import SEVERAL
from coverage.study.eligibility import Answer
from coverage.study.portrait import CANDIDATE, zone_name
from reports.figures.french import of_name
from reports.figures.numbers import UNKNOWN, format_number, format_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coverage.study.dossier import Dossier
    from coverage.study.offer import Competition

CATCHMENT: Final = zone_name(CATCHMENT_MIN)
ZONE_WORDS: Final = {
    "ZIP": "en zone d’intervention prioritaire (ZIP)",
    "ZAC": "en zone d’action complémentaire (ZAC)",
    "ZAR": "en zone d’accompagnement régional (ZAR)",
    "HZ": "hors zonage",
    SEVERAL: "en plusieurs zones selon l’arrondissement",
}
LEAST_SAID_FTE: Final = 0.05
"""Fewer full-time GPs would be printed 0,0."""
HIGH_RATIO: Final = 1.5
"""From so many times the mean APL of France, the sentence asks whether the catchment needs that many GPs."""


def tell_people(dossier: Dossier, names: Mapping[str, str]) -> str:
    """Say who lives in the catchment."""
    here, france = (dossier.figures.loc[place] for place in (CATCHMENT, "france"))
    n_communes = int(here["n_communes"])
    communes = "une seule commune" if n_communes == 1 else f"{format_number(n_communes)} communes"
    text = (
        f"À moins de {CATCHMENT_MIN:g} minutes {of_name(names[CANDIDATE])} vivent {format_number(here['population'])} "
        f"habitants, dans {communes}"
    )
    old = here["share_75plus"]
    if old == old:  # noqa: PLR0124 - not NaN
        text += f" : {format_share(old)} ont 75 ans ou plus (France : {format_share(france['share_75plus'])})"
    else:
        text += f" ; la part des 75 ans ou plus n’y est pas connue ({UNKNOWN})"
    return f"{text}. {_tell_poverty(dossier, names)}"


def _tell_poverty(dossier: Dossier, names: Mapping[str, str]) -> str:
    """Say the poverty rate of the bassin de vie of the candidate: there is none of the commune nor of the catchment."""
    rate = dossier.figures.loc[CANDIDATE, "poverty_rate"]
    bassins = dossier.communes.loc[dossier.communes["commune_code"] == dossier.reach.commune_code, "bassin_de_vie_name"]
    if rate != rate or bassins.isna().all():  # noqa: PLR0124 - not NaN
        return f"Le taux de pauvreté n’y est pas connu ({UNKNOWN})."
    text = f"Le taux de pauvreté du bassin de vie ({bassins.iloc[0]}) est de {format_share(rate)}"
    above = dossier.figures.loc["departement", "poverty_rate"]
    if "departement" in names and above == above:  # noqa: PLR0124 - not NaN
        text += f" ({names['departement']} : {format_share(above)})"
    return f"{text}."


def tell_access(dossier: Dossier, names: Mapping[str, str]) -> str:
    """Say which access the catchment has to GPs, and what is at risk in it."""
    here, apl = dossier.figures.loc[CATCHMENT], f"{dossier.series}_2023"
    if here[apl] != here[apl]:
        return f"L’accès aux généralistes (APL) n’est pas publié pour ce bassin ({UNKNOWN})."
    against = ", ".join(
        f"{names[place]} : {format_number(dossier.figures.loc[place, apl], 2)}"
        for place in ("departement", "region", "france")
        if place in names
    )
    text = (
        f"L’APL 2023 y est de {format_number(here[apl], 2)} consultations par an et par habitant, "
        f"{series_words(dossier.series)} ({against}). Les médecins de plus de 65 ans apportent "
        f"{format_share(here['apl_at_risk_share'], 0)} de l’accès tous âges, soit {_tell_leaving(here['fte_at_risk'])}."
    )
    lacking = here["fte_to_threshold"]
    if lacking >= LEAST_SAID_FTE:
        text += (
            f" Il manque au moins {format_number(lacking, 1)} ETP pour que chaque commune du bassin atteigne le seuil "
            f"de {format_number(UNDER_DENSE, 1)}."
        )
    return text


def _tell_leaving(fte: float) -> str:
    """Say how many full-time GPs will leave first; too few to be written are not counted."""
    return (
        "moins de 0,1 ETP"
        if fte < LEAST_SAID_FTE
        else f"environ {format_number(fte, 1)} ETP qui partiront les premiers"
    )


def tell_zone(dossier: Dossier, names: Mapping[str, str]) -> str:
    """Say how the ARS has zoned the candidate and its catchment."""
    if not dossier.zone:
        return f"Le zonage de l’ARS n’est pas connu pour {names[CANDIDATE]} ({UNKNOWN})."
    share = format_share(dossier.figures.loc[CATCHMENT, "share_zip"], 0)
    return (
        f"{names[CANDIDATE]} est {ZONE_WORDS[dossier.zone]} ; {share} des habitants du bassin vivent en ZIP. Le "
        "zonage est une décision de l’ARS : il ne se déduit pas de l’APL."
    )


def tell_competition(competition: Competition) -> str:
    """Say how far the existing MSP already serve the catchment."""
    if competition.population_served != competition.population_served:
        return f"Les MSP existantes ne sont pas connues ici ({UNKNOWN}), ni la part du bassin qu’elles servent déjà."
    bound = f"à moins de {CATCHMENT_MIN:g} minutes"
    n_msp = len(competition.by_msp)
    if n_msp == 0:
        text = f"Aucune MSP connue n’est {bound} d’un habitant de ce bassin."
    else:
        share = competition.population_served / competition.population if competition.population else float("nan")
        n_nearer = competition.population_nearest
        nearer = (
            "Aucun habitant ne serait plus près d’ici que d’une MSP existante"
            if n_nearer == 0
            else f"{format_number(n_nearer)} habitants seraient plus près d’ici que de toute MSP existante"
        )
        subject = "Une MSP existante est" if n_msp == 1 else f"{format_number(n_msp)} MSP existantes sont"
        text = (
            f"{subject} déjà {bound} d’une partie du bassin : {format_share(share, 0)} de ses habitants en ont "
            f"au moins une. {nearer}."
        )
    if not competition.is_complete:
        text += (
            " Une partie des alentours n’est pas dans la liste des structures : il peut y avoir d’autres MSP, et ces "
            "chiffres sont les plus favorables."
        )
    return text


def tell_staffing(dossier: Dossier, n_gp: int) -> str:
    """Say what a number of GPs would change."""
    table = dossier.staffing
    if table is None:
        return f"L’effet de nouveaux médecins ne peut pas être calculé ici : aucun habitant d’APL connue ({UNKNOWN})."
    today, after = table.loc[0], table.loc[n_gp]
    lifted = after["people_lifted"]
    moved = (
        f"{format_number(lifted)} habitants passeraient au-dessus du seuil de {format_number(UNDER_DENSE, 1)}, soit "
        f"{format_number(after['people_lifted_per_gp'])} par médecin"
        if lifted
        else f"aucun habitant ne changerait de côté du seuil de {format_number(UNDER_DENSE, 1)}"
    )
    text = (
        f"Avec {n_gp} médecins à temps plein de plus, l’APL du bassin passerait de "
        f"{format_number(today['apl_catchment'], 2)} à {format_number(after['apl_catchment'], 2)} ; {moved}."
    )
    ratio = after["apl_catchment"] / dossier.figures.loc["france", f"{dossier.series}_2023"]
    if ratio >= HIGH_RATIO:
        text += (
            f" C’est {format_number(ratio, 1)} fois l’APL de la France : le bassin est petit pour {n_gp} médecins, "
            "vérifiez d’où viendraient les patients et qui partira bientôt."
        )
    return text


def tell_conditions(answers: Sequence[Answer]) -> str:
    """Say how many conditions are still to be met."""
    left = sum(not answer.is_met for answer in answers)
    if left == 0:
        return f"Les {len(answers)} conditions de la liste sont cochées."
    plural = "s" if left > 1 else ""
    return f"Il reste {left} condition{plural} à réunir sur {len(answers)}."
