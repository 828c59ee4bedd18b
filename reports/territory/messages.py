"""The messages of the slides of a territory: what each shows in a sentence, its figure in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.indicators.cards import INDICATORS
from coverage.indicators.difference import is_same_measure
from coverage.terms.months import format_full_month
from coverage.territories.gazetteer import FRANCE
from reports.figures.french import begin, in_territory, within_sentence
from reports.figures.map_classes import format_value
from reports.figures.numbers import NO_BREAK_SPACE, format_number, format_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coverage.indicators.cards import Indicator
    from coverage.territories.gazetteer import Gazetteer, Territory
    from reports.figures.facts import Facts
    from reports.projection.outlook import Step


def say_where(gazetteer: Gazetteer, territory: Territory, around: Territory) -> str:
    """Say what the map that locates a territory shows, for those who do not see it: "Lozère, en France"."""
    return f"Localisation de : {gazetteer.name(territory)}, {in_territory(gazetteer, around)}."


def map_message(facts: Facts, indicator_id: str, compared: Sequence[Territory]) -> str:
    """Say the figure of a territory and that of the territory after it: "2,45 en Lozère"; "" where it is unknown.

    Parameters
    ----------
    compared
        The territory, then those it is compared to.
    """
    indicator, here = INDICATORS[indicator_id], compared[0]
    if here.level not in indicator.levels or pd.isna(facts.value(indicator_id, here)):
        return ""
    figure = format_value(indicator, facts.value(indicator_id, here), unit=True)
    said = f"{facts.gazetteer.name(here)} : {_WORDS.get(_family(indicator_id), _plain)(figure, indicator.short_label)}"
    others = [place for place in compared[1:2] if place.level in indicator.levels]
    known = [place for place in others if not pd.isna(facts.value(indicator_id, place))]
    if not known or _family(indicator_id) == "gp_fte_short":  # a number of full-time GPs compares with no larger place
        return said
    return f"{said} ({facts.gazetteer.name(known[0])} : {facts.figure(indicator_id, known[0], unit=False)})"


def _family(indicator_id: str) -> str:
    return next((family for family in _WORDS if indicator_id.startswith(family)), "")


def _plain(figure: str, label: str) -> str:
    return f"{label}, {figure}"


_WORDS: Mapping[str, Callable[[str, str], str]] = {
    "apl": lambda figure, _: f"{figure} chez le généraliste",
    "nearest_msp": lambda figure, _: f"la maison de santé la plus proche est à {figure} en moyenne",
    "gp_fte_short": lambda figure, _: f"il manque {figure} de généralistes pour que nul ne soit sous le seuil",
}


def shares_message(name: str, apl_shares: Mapping[str, Sequence[float]]) -> str:
    """Say which part of the inhabitants lives under the threshold (classes of APL: the first two); "" if unknown."""
    if name not in apl_shares:
        return ""
    below = sum(apl_shares[name][:2])
    share = format_share(below, 0)
    return f"{name} : {share} des habitants vivent sous le seuil de 2,5 consultations par an"


def projection_message(title: str, steps: Sequence[Step]) -> str:
    """Say what is left to convince, after the title of the projection, which holds the year and the place."""
    left = next((step.text for step in steps if step.kind == "missing"), "")
    if not left:
        return title
    if left[0].isdigit():
        return f"{title} : {left} à convaincre de venir"
    return f"{title} : {left} entre arrivées et besoin" if left.startswith("équilibre") else f"{title} : {left}"


def series_message(name: str, series: Mapping[str, pd.Series]) -> str:
    """Say from what to what the MSP have grown; "" where one of the ends is unknown."""
    known = series[name].dropna().sort_index() if name in series else pd.Series(dtype=float)
    if len(known) < 2:  # noqa: PLR2004 - two ends
        return ""
    first, last = (format_number(known.iloc[place], 1) for place in (0, -1))
    since, until = (format_full_month(known.index[place]) for place in (0, -1))
    return f"{name} : de {first} à {last} maisons de santé pour 100 000 habitants, de {since} à {until}"


def population_message(facts: Facts, territory: Territory) -> str:
    """Say how many live there, and which part is 75 or older; "" where it is unknown."""
    values = [facts.value(name, territory) for name in ("population", "share_75plus")]
    if any(pd.isna(value) for value in values):
        return ""
    people, old = (facts.figure(name, territory) for name in ("population", "share_75plus"))
    return f"{facts.gazetteer.name(territory)} : {people}, dont {old} de 75 ans ou plus"


def known_leads(facts: Facts, territory: Territory, indicator_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the first two of some indicators that a territory has and that are known there."""
    level = facts.gazetteer.official(territory).level
    of_level = [name for name in indicator_ids if level in INDICATORS[name].levels]
    return tuple([name for name in of_level if not pd.isna(facts.value(name, territory))][:2])


def lead(facts: Facts, territory: Territory, indicator_ids: Sequence[str]) -> str:
    """Say some known figures of a territory in one sentence, each against France: "En Lozère, 48,6 % des habitants…".

    Parameters
    ----------
    indicator_ids
        See `known_leads`.
    """
    parts = [_lead_part(facts, territory, name) for name in indicator_ids]
    said = f"{begin(in_territory(facts.gazetteer, territory))}, {' ; '.join(parts)}"
    return f"{said.removesuffix('.')}."  # a unit may end with a full stop: "hab."


def tell_two(facts: Facts, first: tuple[str, Territory], second: tuple[str, Territory]) -> str:
    """Say two figures side by side, each an indicator and its place; "" where one of the two is unknown."""
    if not all(known_leads(facts, place, (name,)) for name, place in (first, second)):
        return ""
    said = [
        f"{INDICATORS[name].short_label} : {facts.figure(name, place, unit=not INDICATORS[name].is_projected)}"
        for name, place in (first, second)
    ]
    where = [in_territory(facts.gazetteer, place) for _, place in (first, second)]
    joined = f"{said[0]} ; {said[1]}" if where[0] == where[1] else f"{said[0]} ; {where[1]}, {said[1]}"
    return f"{begin(where[0])}, {joined.removesuffix('.')}."


def change_message(facts: Facts, indicator_ids: tuple[str, str], territory: Territory) -> str:
    """Say from what to what a figure of a territory has gone: "en baisse, de 2,45 (2022) à 2,38 (2023)".

    Parameters
    ----------
    indicator_ids
        One measure at two dates (`coverage.indicators.difference.is_same_measure`), told in the order of time.

    Returns
    -------
    str
        "" where it is no change of one measure, or one of both figures is unknown.
    """
    cards = sorted((facts.indicator(name) for name in indicator_ids), key=lambda card: card.id)
    if indicator_ids[0] == indicator_ids[1] or not is_same_measure(*cards):
        return ""
    if not all(known_leads(facts, territory, (name,)) for name in indicator_ids):
        return ""
    is_short = cards[0].unit in ("%", "min")
    before, after = (facts.figure(card.id, territory, unit=is_short) for card in cards)
    label = within_sentence(_YEAR.sub("", cards[1].label))
    said = f"{facts.gazetteer.name(territory)}, {label}"
    unit = "" if is_short else f"{NO_BREAK_SPACE}{facts.unit_after(cards[1].id, territory)}"
    if before == after:
        return f"{said} : {after}{unit}, sans changement de {cards[0].vintage} à {cards[1].vintage}"
    rises = facts.value(cards[1].id, territory) > facts.value(cards[0].id, territory)
    way = "en hausse" if rises else "en baisse"
    return f"{said} : {way}, de {before} ({cards[0].vintage}) à {after}{unit} ({cards[1].vintage})"


def date_of(facts: Facts, territory: Territory, indicator_id: str) -> str:
    """Say from when a figure of a territory is, and how it is known: "2023, estimé"."""
    return facts.indicator(indicator_id).dated_at(facts.gazetteer.official(territory).level)


def _lead_part(facts: Facts, territory: Territory, indicator_id: str) -> str:
    card = facts.indicator(indicator_id).at(facts.gazetteer.official(territory).level)
    told = _say_figure(facts, territory, card)
    # A number, as a kind, compares with no larger place.
    if territory == FRANCE or told == ON_THE_SPOT or card.is_count or card.kind == "categorical":
        return told
    if pd.isna(facts.value(indicator_id, FRANCE)):
        return told
    is_short = card.unit not in ("%", "min")
    return f"{told} (France : {facts.figure(indicator_id, FRANCE, unit=not is_short)})"


def _say_figure(facts: Facts, territory: Territory, card: Indicator) -> str:
    said = next((words for family, words in _LEADS.items() if re.fullmatch(family, card.id)), "")
    if card.id == "nearest_msp_min" and territory.level == "commune":
        said = said.removesuffix(" en moyenne") if facts.value(card.id, territory) else ON_THE_SPOT
    if said and not facts.lacks_divisor(card.id, territory):
        return said.format(facts.figure(card.id, territory))
    is_said = card.is_projected or card.unit.startswith("pour ") or card.unit in card.label.casefold().split()
    return f"{within_sentence(card.label)} : {facts.figure(card.id, territory, unit=not is_said)}"


_YEAR: Final = re.compile(r" \d{4}(?=\)|$| apportée)")
"""The year in the name of a measure that has one a year."""
ON_THE_SPOT = "une maison de santé dans la commune"
_LEADS: Mapping[str, str] = {
    "share_population_under_2_5_.*": "{} des habitants vivent sous 2,5 consultations de généraliste par an",
    "share_population_within_10_min_msp": "{} des habitants vivent à moins de 10 minutes d’une maison de santé",
    "share_population_within_20_min_msp": "{} des habitants vivent à moins de 20 minutes d’une maison de santé",
    "apl(_65)?_20..": "{}, chez le généraliste",
    "nearest_msp_min": "la maison de santé la plus proche est à {} en moyenne",
    "population_per_msp(_dgos|_finess)?": "une maison de santé pour {}",
    "share_75plus": "{} des habitants ont 75 ans ou plus",
    "population": "{}",
}
"""How a sentence says a figure, by what the name of its indicator matches; any other is said by its label."""
