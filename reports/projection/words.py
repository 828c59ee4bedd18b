"""The projection in words: counts as they may be shown, and the sentence for an elected official."""

from typing import Final, Protocol

import pandas as pd

from coverage.indicators.small_numbers import SECRECY_THRESHOLD
from coverage.projection import gp_growth
from reports.figures.numbers import UNKNOWN, format_number, format_signed

FEW: Final = f"moins de {SECRECY_THRESHOLD}"
BALANCE: Final = f"équilibre (± {SECRECY_THRESHOLD})"
CERTAINTY_SENTENCE: Final = "dans 8 cas sur 10"


class Outlook(Protocol):
    """What one scenario brings to one territory, as far as a sentence needs it."""

    @property
    def end(self) -> pd.Series:
        """Measures of the horizon."""

    @property
    def end_year(self) -> int:
        """Year of the horizon."""

    @property
    def extra_need(self) -> float:
        """GPs asked for by a larger and older population."""

    @property
    def arrivals_margin(self) -> float:
        """Relative rise of the arrivals that leaves nobody to convince; NaN where nobody arrives."""

    def range_at_end(self, measure: str) -> tuple[float, float]:
        """Return the bounds p10 and p90 of a measure at the horizon."""


def arrivals_sentence() -> str:
    """Say what the arrivals of the trend are, with the pace that they were set on."""
    return (
        "départs par âge de tous les médecins suivis de 2012 à 2020 ; la tendance garde des arrivées constantes, "
        "calées pour que les généralistes libéraux de France évoluent comme de 2021 à 2024 "
        f"({format_number(100 * gp_growth(), 2, '%')} par an)"
    )


def format_gps(count: float) -> str:
    """Write a number of GPs; fewer than five are not shown."""
    if pd.isna(count):
        return UNKNOWN
    return FEW if 0 < abs(count) < SECRECY_THRESHOLD else format_number(count)


def format_change(count: float) -> str:
    """Write GPs who come or leave, with their sign; fewer than five are not shown."""
    return FEW if 0 < abs(count) < SECRECY_THRESHOLD else format_signed(count)


def format_gap(count: float) -> str:
    """Write what is left to convince, with its sign; under five either way it is a balance."""
    if pd.isna(count):
        return UNKNOWN
    return BALANCE if abs(count) < SECRECY_THRESHOLD else format_signed(count)


def format_range(low: float, high: float, decimals: int = 0) -> str:
    """Write the 10-90 % band: "80 à 620"; a true minus sign, bounds under five in size written as they are."""
    if pd.isna(low) or pd.isna(high):
        return UNKNOWN
    texts = [format_number(value, decimals) for value in (low, high)]
    return f"{texts[0]} à {texts[1]}"


def tell(outlook: Outlook, name: str) -> str:
    """Return the projection of a territory in sentences that an elected official can read out, its fragility last."""
    end = outlook.end
    left = float(end["left_to_convince"])
    parts = [f"{format_gps(end['departures'])} pour remplacer les départs"]
    extra = outlook.extra_need
    if extra >= SECRECY_THRESHOLD:
        parts.append(f"{format_gps(extra)} pour une population plus nombreuse ou plus âgée")
    elif extra <= -SECRECY_THRESHOLD:
        parts.append(f"{format_gps(-extra)} de moins, la population diminuant")
    activity = float(end["extra_need_activity"])
    if activity >= SECRECY_THRESHOLD:
        parts.append(f"{format_gps(activity)} pour un temps de travail moindre")
    elif activity <= -SECRECY_THRESHOLD:
        parts.append(f"{format_gps(-activity)} de moins, le temps de travail moyen augmentant")
    if end["catch_up"] >= SECRECY_THRESHOLD:
        parts.append(f"{format_gps(end['catch_up'])} pour rattraper l’objectif")
    needed = (
        f"**{name} : {format_gps(end['need_to_find'])} généralistes à trouver d’ici {outlook.end_year}**, "
        f"dont {enumerate_french(parts)}."
    )
    low, high = outlook.range_at_end("left_to_convince")
    arrivals = f"{format_gps(end['entries'])} devraient s’installer"
    arrivals = arrivals[:1].upper() + arrivals[1:]  # « moins de 5 » begins a sentence
    band = f"de {format_range(low, high)} {CERTAINTY_SENTENCE}"
    if left >= SECRECY_THRESHOLD:
        rest = f"{arrivals} ; **il reste {format_gps(left)} médecins à convaincre de venir** ({band})."
    elif left <= -SECRECY_THRESHOLD:
        rest = f"{arrivals}, **soit {format_gps(-left)} de plus que le besoin** (reste à convaincre : {band})."
    else:
        rest = f"{arrivals} : **les arrivées couvrent le besoin, à moins de cinq médecins près** ({band})."
    return " ".join(filter(None, (needed, rest, tell_margin(outlook))))


def tell_margin(outlook: Outlook) -> str:
    """Say by how much arrivals must move for the result to be nil, and to double; empty where it is a balance.

    Exact: what is left to convince is linear in the level of the arrivals.
    """
    left, margin = float(outlook.end["left_to_convince"]), outlook.arrivals_margin
    if pd.isna(margin) or abs(left) < SECRECY_THRESHOLD:
        return ""
    size = 100 * abs(margin)
    share = format_number(size, 0 if size >= 1 else 1, "%")
    if left < 0:
        return f"Ce surplus s’annule si les arrivées baissent de {share}, double si elles montent de {share}."
    if margin >= 1:
        return f"Ce reste s’annule si les arrivées montent de {share} ; même sans arrivées, il ne double pas."
    return f"Ce reste s’annule si les arrivées montent de {share}, double si elles baissent de {share}."


def enumerate_french(parts: list[str]) -> str:
    """Join words as French does: "a, b et c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"
