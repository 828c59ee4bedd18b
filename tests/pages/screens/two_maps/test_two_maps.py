"""The page of two maps as Streamlit runs it: its address, its table against the indicators, its common classes."""

import pandas as pd
import pytest

from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import View
from pages.widgets.two_maps.choice import ADDRESS_NAMES, Side, TwoMaps
from pages.widgets.two_maps.sides import DIFFERENCE, has_difference, pair_of, places_table, show_sides
from tests.pages.choosing import choose, chosen_in
from tests.pages.test_screens import ROOT, open_page, texts

LOZERE, AVEYRON = Territory("departement", "48"), Territory("departement", "12")
LEVELS = {"apl_65_2022": ("commune", "epci"), "apl_65_2023": ("commune", "epci"), "n_msp_dgos": ("departement",)}


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def sides_of(maps, territory=LOZERE, **view):
    return show_sides(load_gazetteer(), View(territoire=territory, **view), maps)


FULL = TwoMaps(
    a=Side(indicateur="apl_65_2023", maille="epci", structures="2021"),
    b=Side(indicateur="n_msp_dgos", maille="departement", structures="recentes"),
    territoire_b=AVEYRON,
    vue="rideau",
    echelle=False,
)


def test_the_address_holds_both_sides_and_reopens_them():
    query = FULL.to_query()
    assert set(query) == ADDRESS_NAMES
    assert TwoMaps.from_query(query, load_gazetteer(), LEVELS) == (FULL, [])
    assert TwoMaps().to_query() == {}


@pytest.mark.parametrize("name", sorted(ADDRESS_NAMES))
def test_a_bad_parameter_is_said_and_the_rest_is_kept(name):
    query = FULL.to_query() | {name: "licorne"}
    maps, notices = TwoMaps.from_query(query, load_gazetteer(), LEVELS)
    assert any(f"« {name} = licorne »" in notice for notice in notices)
    kept = {field: text for field, text in maps.to_query().items() if text != "licorne"}
    others = {field: text for field, text in FULL.to_query().items() if field not in {name, "b_maille"}}
    assert others.items() <= kept.items()


def test_a_level_that_the_indicator_lacks_gives_way_and_is_said():
    maps, notices = TwoMaps.from_query({"b_indicateur": "n_msp_dgos", "b_maille": "epci"}, load_gazetteer(), LEVELS)
    assert maps.b.maille == "departement"
    assert "Carte B" in " ".join(notices)


def test_the_series_of_the_visit_is_that_of_both_maps():
    maps, _ = TwoMaps.from_query(
        {}, load_gazetteer(), LEVELS | {"apl_2022": ("commune",), "apl_2023": ("commune",)}, "apl"
    )
    assert (maps.a.indicateur, maps.b.indicateur) == ("apl_2022", "apl_2023")


def test_the_table_has_the_figures_of_both_maps_and_their_difference():
    first, second = sides_of(TwoMaps())
    table = places_table(first, second)
    inside = load_gazetteer().within(LOZERE, "commune")["commune_code"]
    assert set(table.index) == set(inside)
    for code, row in table.iterrows():
        a = load_facts().values("apl_65_2022", "commune")[code]
        b = load_facts().values("apl_65_2023", "commune")[code]
        assert (row["first"], row["second"], row["difference"]) == (a, b, b - a)
    sizes = table["difference"].abs()
    assert sizes.is_monotonic_decreasing


def test_two_territories_are_in_one_table():
    maps = TwoMaps(territoire_b=AVEYRON)
    table = places_table(*sides_of(maps))
    gazetteer = load_gazetteer()
    expected = {
        *gazetteer.within(LOZERE, "commune")["commune_code"],
        *gazetteer.within(AVEYRON, "commune")["commune_code"],
    }
    assert set(table.index) == expected


def test_figures_that_are_not_of_one_measure_have_no_difference():
    maps = TwoMaps(b=Side(indicateur="nearest_msp_min"))
    first, second = sides_of(maps)
    assert not has_difference(first, second)
    assert places_table(first, second)["difference"].isna().all()
    pair = pair_of(first, second)
    assert pair.difference is None
    assert pair.second.unit == "min"


def test_the_tooltip_says_both_and_the_difference_of_each_place():
    first, second = sides_of(TwoMaps())
    pair = pair_of(first, second)
    place = level_table("commune").index.get_loc("48095")
    figures = [float(part.texts[place].replace(",", ".").replace("−", "-")) for part in (pair.first, pair.second)]
    gap = float(pair.difference.texts[place].replace(",", ".").replace("−", "-"))
    assert gap == pytest.approx(figures[1] - figures[0], abs=0.0101)
    mayotte = level_table("commune").index.get_loc("97611")  # no APL
    assert [part.texts[mayotte] for part in (pair.first, pair.second, pair.difference)] == [None, None, None]


def labels_of(shown):
    return [entry.label for entry in shown.drawn.legend.entries if entry.letter.isdigit()]


def test_one_scale_means_one_value_a_colour_and_each_its_own_otherwise():
    together = sides_of(TwoMaps(), methode="quantiles")
    assert labels_of(together[0]) == labels_of(together[1])
    assert together[0].drawn.values.palette == together[1].drawn.values.palette
    assert "les deux cartes ensemble" in together[0].drawn.legend.method
    apart = sides_of(TwoMaps(echelle=False), methode="quantiles")
    assert labels_of(apart[0]) != labels_of(apart[1])
    assert "ensemble" not in apart[0].drawn.legend.method
    # Both maps are classed by the bounds of the two together: the slow twin counts them.
    codes = load_gazetteer().within(LOZERE, "commune")["commune_code"]
    pooled = pd.concat([shown.values.reindex(codes) for shown in together]).dropna()
    counted = sum(entry.count for shown in together for entry in shown.drawn.legend.entries if entry.letter.isdigit())
    assert counted == len(pooled)


def test_the_handle_shows_one_territory_on_both_sides():
    first, second = sides_of(TwoMaps(territoire_b=AVEYRON, vue="rideau"))
    assert (first.territory, second.territory) == (LOZERE, LOZERE)


def test_the_page_opens_and_is_swapped():
    app = open_page("deux_cartes", territoire="departement-48")
    assert not app.exception
    said = texts(app)
    assert "Lieu par lieu" in said
    assert "de A à B" in said
    assert "Mayotte" not in said
    app.button(key="two_maps_swap").click().run()
    assert not app.exception
    assert chosen_in(app, "two_maps_a_indicateur") == ["APL ≤ 65 ans 2023"]
    assert app.query_params["a_indicateur"] in ("apl_65_2023", ["apl_65_2023"])


def test_another_indicator_takes_its_level_and_closes_the_common_scale():
    app = open_page("deux_cartes", territoire=FRANCE.key)
    choose(app, "two_maps_b_indicateur", "MSP (DGOS)")
    assert not app.exception
    assert app.query_params["b_maille"] in ("departement", ["departement"])
    assert app.toggle(key="two_maps_scale").disabled
    assert "choisissez la même maille" in texts(app)


def test_a_bad_address_is_said_on_the_page():
    app = open_page("deux_cartes", ab_vue="loupe", b_territoire="departement-999")
    assert not app.exception
    said = texts(app)
    assert "ab_vue = loupe" in said
    assert "b_territoire = departement-999" in said


def test_the_card_says_the_difference_of_the_chosen_place():
    app = open_page("deux_cartes", territoire="departement-48", selection="commune-48095")
    drawn = " ".join(element.proto.body for element in app.get("html"))
    assert DIFFERENCE in drawn
