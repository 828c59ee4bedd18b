"""The natures that the study writes beside its figures are those of the indicators' cards."""

import pytest

from coverage.indicators.cards import INDICATORS
from reports.study.tables import LINES

NATURES = ("mesuré", "estimé", "projeté", "simulé")


@pytest.mark.parametrize(
    ("name", "dated"),
    [(name, dated) for name, _, dated, _ in LINES if name in INDICATORS],
    ids=lambda value: value[:28],
)
def test_each_line_writes_the_natures_of_the_places_it_compares(name, dated):
    card = INDICATORS[name]
    held = {card.nature_at(level) for level in ("commune", "departement", "region") if level in card.levels}
    assert {nature for nature in NATURES if nature in dated} == held
