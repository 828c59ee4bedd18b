"""The portrait: where the territory lies, its MSP first, and the same cards for all that it is compared with."""

import re

import pytest

from pages.widgets.card import STRUCTURE_LABELS
from tests.pages.test_screens import ROOT, open_page


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def cards_of(app):
    """Return the label and the lines under each card."""
    told = [caption.value for caption in app.caption if re.search(r"\*.*\*$", caption.value)]
    return dict(zip([metric.label for metric in app.metric], told, strict=False))


def test_the_msp_come_first_and_every_card_compares_the_same_territories():
    app = open_page("territoire", territoire="departement-48", comparaison="departement-12,departement-07")
    assert not app.exception
    cards = cards_of(app)
    assert ["MSP" in label for label in cards] == [True, True, False, False, False, False]
    for lines in cards.values():
        assert [line.split(" : ")[0] for line in lines.split("  \n")[:-1]] == [
            "Aveyron", "Ardèche", "Occitanie", "France"
        ]  # fmt: skip


def test_a_commune_shows_the_msp_of_its_level_and_what_its_neighbour_has():
    cards = cards_of(open_page("territoire", territoire="commune-48095", comparaison="commune-48061"))
    assert list(cards)[:2] == ["MSP (BPE)", "Trajet MSP"]
    assert cards["Population"].startswith("Florac Trois Rivières : 2")


@pytest.mark.parametrize(("key", "is_drawn"), [("departement-48", True), ("france", False), ("departement-974", False)])
def test_a_map_locates_the_territory_where_it_says_something(key, is_drawn):
    app = open_page("territoire", territoire=key)
    assert not app.exception
    assert bool(app.get("image")) == is_drawn


def test_msp_lead_the_list_of_structures():
    (table,) = [frame.value for frame in open_page("territoire", territoire="departement-48").dataframe
                if "N° FINESS" in frame.value.columns]  # fmt: skip
    assert next(iter(STRUCTURE_LABELS)) == "msp"
    assert table["Type"].iloc[0] == "MSP"
