"""The projection in words: every part of the need, the unit, and how fragile the result is, whatever its sign."""

import pandas as pd
import pytest

from reports.projection.words import arrivals_sentence, tell, tell_margin


class Told:
    """What a sentence needs of an outlook."""

    end_year = 2035

    def __init__(self, left: float, margin: float, activity: float = 0.0, extra: float = 60.0):
        self.arrivals_margin, self.extra_need = margin, extra
        self.end = pd.Series(
            {
                "departures": 150.0,
                "entries": 150.0 + extra + activity - left,
                "extra_need_activity": activity,
                "catch_up": 0.0,
                "need_to_find": 150.0 + extra + activity,
                "left_to_convince": left,
            }
        )

    def range_at_end(self, _measure: str) -> tuple[float, float]:
        return -20.0, 130.0


@pytest.mark.parametrize(
    ("left", "margin", "said"),
    [
        (50.0, 0.16, "Ce reste s’annule si les arrivées montent de 16 %, double si elles baissent de 16 %."),
        (50.0, 0.004, "Ce reste s’annule si les arrivées montent de 0,4 %, double si elles baissent de 0,4 %."),
        (50.0, 1.3, "Ce reste s’annule si les arrivées montent de 130 % ; même sans arrivées, il ne double pas."),
        (-50.0, -0.2, "Ce surplus s’annule si les arrivées baissent de 20 %, double si elles montent de 20 %."),
        (3.0, 0.01, ""),
        (50.0, float("nan"), ""),
    ],
)
def test_the_fragility_is_said_by_its_sign_and_size(left, margin, said):
    assert tell_margin(Told(left, margin)).replace("\u202f", " ").replace("\xa0", " ") == said


def test_the_sentence_lists_every_part_of_the_need_and_ends_with_its_fragility():
    more = tell(Told(50.0, 0.16, activity=20.0), "Gers")
    assert "150 pour remplacer les départs, 60 pour une population plus nombreuse ou plus âgée" in more
    assert "et 20 pour un temps de travail moindre" in more
    assert more.endswith(("baissent de 16\u202f%.", "baissent de 16\xa0%."))
    fewer = tell(Told(50.0, 0.16, activity=-20.0), "Gers")
    assert "20 de moins, le temps de travail moyen augmentant" in fewer
    assert "temps de travail" not in tell(Told(50.0, 0.16, activity=2.0), "Gers")


def test_few_arrivals_begin_their_sentence_with_a_capital():
    said = tell(Told(207.0, float("nan")), "Florac")
    assert "150 pour remplacer les départs" in said
    assert ". Moins de 5 devraient s’installer" in said


def test_the_pace_of_the_trend_is_that_of_the_two_counts():
    assert "comme de 2021 à 2024 (−0,33 % par an)" in arrivals_sentence().replace("\u202f", " ").replace("\xa0", " ")
