"""A grid of cells has about the people of its communes: a cut file, or one read twice, is refused."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data import store
from data.contracts.gates import ImplausibleTable, refuse
from data.contracts.grid_gate import people_of_grid
from data.sources.registry import load_remotes
from data.sync.made import Made, SyncContext
from data.sync.plausible import require_plausible_sync

COMMUNES = pd.DataFrame({"commune_code": ["31555", "48095", "97105"], "population": [500_000.0, 12_000.0, 9_000.0]})


def cells(*of: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(of, columns=["commune_code", "population"])


@pytest.mark.parametrize("share", [0.91, 0.97, 1.01])
def test_about_the_people_of_the_communes_that_it_covers_is_right(share):
    """Guadeloupe, which no grid covers, is not counted as missing."""
    table = cells(("31555", share * 250_000), ("31555", share * 250_000), ("48095", share * 12_000))
    assert list(people_of_grid("population_cells", table, COMMUNES)) == []


@pytest.mark.parametrize("share", [0.5, 0.89, 1.03, 2.0])
def test_a_part_of_the_people_or_twice_as_many_are_refused(share):
    with pytest.raises(ImplausibleTable, match=r"de 450000 à 510000 habitants .* Trouvé : [0-9]+ habitants"):
        refuse(people_of_grid("population_cells", cells(("31555", share * 500_000)), COMMUNES))


def test_a_village_may_have_more_people_in_its_home_than_in_its_houses():
    assert list(people_of_grid("population_cells", cells(("48095", 4_000.0)), COMMUNES)) == []


def test_a_grid_of_france_goes_through_the_gates_of_a_sync_and_a_cut_one_does_not():
    communes = store.load("communes")
    whole = communes.loc[~communes["departement_code"].str.startswith("97"), ["commune_code", "population"]]
    remote = load_remotes()["insee_population_cells"]

    def passed(share: float) -> None:
        table = whole.assign(population=whole["population"] * share)
        made = Made({"population_cells": table}, dt.date(2019, 1, 1), "2019")
        require_plausible_sync(remote, made, SyncContext())

    passed(0.97)
    with pytest.raises(ImplausibleTable, match="habitants d’une grille"):
        passed(1.04)
