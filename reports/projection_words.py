"""The projection in words: counts as they may be shown, and the sentence for an elected official."""

from typing import Final, Protocol

import pandas as pd

from coverage.small_numbers import SECRECY_THRESHOLD
from reports.numbers import UNKNOWN, format_number

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

    def range_at_end(self, measure: str) -> tuple[float, float]:
        """Return the bounds p10 and p90 of a measure at the horizon."""


def format_gps(count: float) -> str:
    """Write a number of GPs; fewer than five are not shown."""
    if pd.isna(count):
        return UNKNOWN
    return FEW if 0 < abs(count) < SECRECY_THRESHOLD else format_number(count)


def format_gap(count: float) -> str:
    """Write what is left to convince, with its sign; under five either way it is a balance."""
    if pd.isna(count):
        return UNKNOWN
    return BALANCE if abs(count) < SECRECY_THRESHOLD else format_signed(count)


def format_signed(count: float) -> str:
    """Write a difference with its sign, whatever its size."""
    if pd.isna(count):
        return UNKNOWN
    return f"{'+' if count > 0 else '−'}{format_number(abs(count))}"


def format_range(low: float, high: float, decimals: int = 0) -> str:
    """Write the 10-90 % band: "80 à 620"; a true minus sign, bounds under five in size written as they are."""
    if pd.isna(low) or pd.isna(high):
        return UNKNOWN
    texts = [format_number(value, decimals).replace("-", "−") for value in (low, high)]
    return f"{texts[0]} à {texts[1]}"


def tell(outlook: Outlook, name: str) -> str:
    """Return the projection of a territory in two sentences that an elected official can read out."""
    end = outlook.end
    left = float(end["left_to_convince"])
    parts = [f"{format_gps(end['departures'])} pour remplacer les départs"]
    extra = outlook.extra_need
    if extra >= SECRECY_THRESHOLD:
        parts.append(f"{format_gps(extra)} pour une population plus nombreuse ou plus âgée")
    elif extra <= -SECRECY_THRESHOLD:
        parts.append(f"{format_gps(-extra)} de moins, la population diminuant")
    if end["catch_up"] >= SECRECY_THRESHOLD:
        parts.append(f"{format_gps(end['catch_up'])} pour rattraper l’objectif")
    needed = (
        f"**{name} : {format_gps(end['need_to_find'])} généralistes à trouver d’ici {outlook.end_year}**, "
        f"dont {enumerate_french(parts)}."
    )
    low, high = outlook.range_at_end("left_to_convince")
    arrivals = f"{format_gps(end['entries'])} devraient s’installer"
    band = f"de {format_range(low, high)} {CERTAINTY_SENTENCE}"
    if left >= SECRECY_THRESHOLD:
        rest = f"{arrivals} ; **il reste {format_gps(left)} médecins à convaincre de venir** ({band})."
    elif left <= -SECRECY_THRESHOLD:
        rest = f"{arrivals}, **soit {format_gps(-left)} de plus que le besoin** (reste à convaincre : {band})."
    else:
        rest = f"{arrivals} : **les arrivées couvrent le besoin, à moins de cinq médecins près** ({band})."
    return f"{needed} {rest}"


def enumerate_french(parts: list[str]) -> str:
    """Join words as French does: "a, b et c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"
