"""The series of the APL is chosen once: every screen that shows the APL without asking follows it."""

import pytest

from coverage.indicators.cards import INDICATORS
from coverage.indicators.cards.access import REFERENCE_SERIES, follow_series, in_series
from coverage.territories.gazetteer import Territory
from pages.app.facts import load_facts
from pages.app.tables import load_gazetteer
from pages.app.view import View
from tests.pages.choosing import chosen_in, open_popover
from tests.pages.test_screens import open_page, texts

LEVELS = {name: indicator.levels for name, indicator in INDICATORS.items()}
OCCITANIE = Territory("region", "76")


def test_every_indicator_of_the_apl_exists_in_both_series_and_the_others_are_left_alone():
    for name in INDICATORS:
        both = {in_series(name, "apl"), in_series(name, "apl_65")}
        assert both <= INDICATORS.keys()
        counted_to_65 = "_65" in name and "over_65" not in name
        assert len(both) == 1 + (counted_to_65 or name in follow_series(both - {name}, "apl"))
    assert in_series("apl_at_risk_share_2023", "apl") == "apl_at_risk_share_2023"


def test_following_twice_is_not_following():
    names = tuple(INDICATORS)
    assert follow_series(names, REFERENCE_SERIES) == names
    assert follow_series(follow_series(names, "apl"), "apl") == names
    assert sorted(follow_series(names, "apl")) == sorted(names)


@pytest.mark.parametrize("view", [View(), View.of_series("apl"), View(serie="apl"), View(indicateur="apl_2023")])
def test_a_view_is_written_and_read_back_in_its_series(view):
    assert View.from_query(view.to_query(), load_gazetteer(), LEVELS) == (view, [])


def test_only_the_series_stands_in_the_address():
    assert View.of_series("apl").to_query() == {"serie": "apl"}
    assert View().in_series("apl") == View.of_series("apl")
    assert View.of_series("apl").in_series("apl_65") == View()
    assert View(indicateur="zone").in_series("apl") == View(indicateur="zone", serie="apl")


def test_an_unknown_series_is_said():
    view, notices = View.from_query({"serie": "75"}, load_gazetteer(), LEVELS)
    assert view == View()
    assert len(notices) == 1


def test_the_choice_made_on_the_map_is_kept_on_every_page():
    app = open_popover(open_page("carte", territoire="region-76"), "map_drawing")
    app.segmented_control(key="carte_serie").set_value("apl").run()
    assert chosen_in(app, "field_indicateur") == [INDICATORS["apl_2023"].short_label]
    assert app.query_params["serie"] in ("apl", ["apl"])
    app.switch_page("pages/territoire.py").run()
    labels = [metric.label for metric in app.metric]
    assert INDICATORS["apl_2023"].short_label in labels
    assert INDICATORS["apl_65_2023"].short_label not in labels
    assert "médecins de tous âges, 2023" in texts(app)
    app.switch_page("pages/suivi.py").run()
    assert app.segmented_control(key="follow_serie").value == "apl"
    app.switch_page("pages/etude.py").run()
    assert not app.exception
    app.switch_page("pages/carte.py").run()
    assert chosen_in(app, "field_indicateur") == [INDICATORS["apl_2023"].short_label]


def test_the_study_follows():
    in_reference, in_all = (
        texts(open_page("etude", territoire="commune-48080", serie=series)) for series in ("apl_65", "apl")
    )
    assert "médecins de 65 ans ou moins (" in in_reference
    assert "médecins de tous âges (" in in_all


def test_the_figure_of_the_portrait_is_that_of_the_series():
    app = open_page("territoire", territoire="region-76", serie="apl")
    shown = {metric.label: metric.value for metric in app.metric}
    value = f"{load_facts().value('apl_2023', OCCITANIE):.2f}".replace(".", ",")
    assert shown[INDICATORS["apl_2023"].short_label].startswith(value)
