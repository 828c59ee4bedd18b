"""What « Mise à jour » says that a source would change is what the screens read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coverage.indicators.cards import INDICATORS
from data.sources.registry import load_remotes
from pages.navigation import SCREENS
from pages.screens.sync.effects import SCREENS_OF_TABLE, indicators_of, tell_effects

ROOT = Path(__file__).parents[4]


def test_every_table_of_an_update_has_its_screens():
    brought = {table for remote in load_remotes().values() for table in remote.tables}
    assert brought == set(SCREENS_OF_TABLE)
    assert {name for names in SCREENS_OF_TABLE.values() for name in names} <= set(SCREENS)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_that_reads_a_table_by_its_name_is_told(screen):
    code = "".join(path.read_text("utf-8") for path in (ROOT / "pages" / "screens" / screen).rglob("*.py"))
    read = set(re.findall(r'load_table\("(\w+)"\)', code)) & set(SCREENS_OF_TABLE)
    assert {table for table in read if screen not in SCREENS_OF_TABLE[table]} == set()


def test_the_sentence_counts_the_cards_that_cite_the_source():
    remotes = load_remotes()
    zones = remotes["ars_zones"]
    citing = [name for name, card in INDICATORS.items() if "ars_zonage" in card.source_ids]
    assert sorted(citing) == sorted(indicators_of(zones))
    assert tell_effects(zones).startswith(f"{len(citing)} indicateurs (Carte, Territoire, Classement) ; ")
    assert "Financement" in tell_effects(zones)
    assert tell_effects(remotes["cnam_patient_lists"]) == "Projection"
    assert all(tell_effects(remote) for remote in remotes.values())
