"""The trajectory page is reopened from its address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.territories.gazetteer import FRANCE, Territory, UnknownTerritoryError
from pages.app.trajectory import date_label
from pages.screens.trajectory.state import ADDRESS_NAMES, MOST_OTHERS, Course

MONTHS = ("2017-06", "2022-12")
KNOWN = {
    territory.key: territory
    for territory in (FRANCE, Territory("region", "76"), Territory("departement", "2A"), Territory("commune", "31555"))
}
COMPARABLE = [territory for territory in KNOWN.values() if territory.level != "commune"]


class ToyGazetteer:
    def parse(self, key):
        if key not in KNOWN:
            raise UnknownTerritoryError(key)
        return KNOWN[key]


def read(query):
    return Course.from_query(query, ToyGazetteer(), MONTHS)


@given(
    measure=st.sampled_from(["nombre", "pour_100k", "habitants"]),
    level=st.sampled_from(["region", "departement"]),
    others=st.lists(st.sampled_from(COMPARABLE), unique=True, max_size=MOST_OTHERS),
    date=st.sampled_from([None, *MONTHS]),
)
def test_an_address_reopens_the_same_course(measure, level, others, date):
    course = Course(mesure=measure, maille=level, autres=tuple(others), date=date)
    assert set(course.to_query()) <= ADDRESS_NAMES
    assert read(course.to_query()) == (course, [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t_mesure", "x"),
        ("t_maille", "commune"),
        ("t_autres", "commune-31555"),
        ("t_autres", "zz"),
        ("t_date", "2031-06"),
    ],
)
def test_what_is_unknown_is_said(name, text):
    course, notices = read({name: text})
    assert course == Course()
    assert len(notices) == 1
    assert f"{name} = {text}" in notices[0]


def test_dates_are_written_as_published():
    assert [date_label(text) for text in ("2025", "2021-06", "2025/2035")] == ["2025", "juin 2021", "2025 à 2035"]
