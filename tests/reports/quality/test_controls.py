"""The controls of « Qualité »: published figures, ours are those of the screens, and how they are written."""

import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS
from data import store
from data.contracts.gates import Breach
from data.sources.published_figures import load_published_figures
from reports.figures.facts import Facts
from reports.quality.controls import (
    FUNDING,
    compare_published,
    describe_breaches,
    describe_figures,
    find_all_breaches,
    name_place,
    write_figures,
)

FIGURES = {figure.id: figure for figure in load_published_figures()}


@pytest.fixture(scope="module")
def facts():
    return Facts.of_snapshot()


@pytest.fixture(scope="module")
def compared(facts):
    return compare_published(facts.table, store.manifest())


def test_at_least_a_hundred_figures_are_found_again_and_none_is_contradicted(compared):
    counts = compared["verdict"].value_counts()
    assert counts["retrouvé"] >= 100
    assert "en écart" not in counts
    of_rules = compared[compared["table"] == FUNDING]
    assert len(of_rules) >= 5
    assert set(of_rules["verdict"]) == {"retrouvé"}


def test_what_is_compared_is_what_the_screens_show(compared, facts):
    found = compared.set_index("id")["found"]
    shown = [figure for figure in FIGURES.values() if figure.indicator and pd.notna(found[figure.id])]
    assert len({figure.indicator for figure in shown}) >= 10
    for figure in shown:
        indicator = INDICATORS[figure.indicator]
        value = facts.value(figure.indicator, facts.gazetteer.parse(figure.territory)) * indicator.display_factor
        assert found[figure.id] == pytest.approx(value, rel=1e-9), figure.id


def test_every_place_has_a_name(facts):
    for figure in FIGURES.values():
        name = name_place(facts.gazetteer, figure.territory)
        assert name
        assert name != figure.territory


def test_the_export_holds_numbers_and_the_screen_their_french_form(compared, facts):
    described = describe_figures(compared, facts.gazetteer)
    assert described[["Publié", "Maillage", "Écart"]].dtypes.tolist() == ["float64"] * 3
    assert list(described.columns[-5:]) == ["Publication", "Producteur", "Date", "Indépendance", "Lu dans"]
    assert (described.loc[described["Résultat"] == "écart expliqué", "Explication"] != "").all()
    written = write_figures(described).set_index(["Chiffre", "Territoire"])
    row = written.loc[("MSP au 31 décembre 2020", "France")]
    assert row[["Publié", "Maillage", "Écart", "Unité"]].tolist() == ["1\u202f763", "1\u202f740", "−23", "MSP"]
    row = written.loc[("APL 2023, tous âges", "France")]
    assert row[["Publié", "Maillage", "Écart"]].tolist() == ["3,74", "3,74", "0,00"]
    rows = written.loc[[("Sites de MSP, France", "France")], ["Maillage", "Écart", "Résultat"]].to_numpy().tolist()
    assert ["n.d.", "n.d.", "sans objet"] in rows  # awaits the national file
    assert ["3\u202f079", "−1", "écart expliqué"] in rows  # that of May 2026, MSP alone


def test_breaches_name_their_places(facts):
    breaches = [
        Breach("zoning", "habitants sans valeur connue", "colonne « zone »", "2 %", "région 04 : 100 %, région 99"),
        Breach("communes", "croissance d’un département", "département 2A", "2,5 %", "+8 % par an"),
    ]
    described = describe_breaches(breaches, facts.gazetteer)
    assert described["Trouvé"].tolist() == ["La Réunion : 100 %, région 99", "+8 % par an"]
    assert described["Où"].tolist() == ["« Zone »", "Corse-du-Sud"]
    assert described["Table"].tolist() == ["Zonage des généralistes", "Communes"]


def test_nothing_in_use_is_implausible(facts):
    found = find_all_breaches(facts.table, store.manifest())
    assert [breach for breach in found if breach.refuses] == []
