"""The three recipes of CONTRIBUTING.md: a step that is forgotten is seen here."""

import ast
import re

import pytest

from coverage.indicators.cards import INDICATORS
from data.sources.registry import load_remotes
from data.sync.makers import MAKERS
from pages.navigation import SCREENS
from tests.e2e.browser import ROOT
from tests.reference.indicators import compute_all
from tests.toy import toy_country
from tests.toy_practitioners import synced_tables


def test_every_card_has_a_figure():
    levels = compute_all(synced_tables(toy_country()))
    without = [
        name
        for name, card in INDICATORS.items()
        if not card.is_projected and not any(name in table and table[name].notna().any() for table in levels.values())
    ]
    assert without == []


def test_every_source_that_can_be_synced_has_a_maker_and_every_maker_a_source():
    assert set(load_remotes()) == set(MAKERS)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_has_its_route_its_folder_and_a_journey_in_the_browser(name):
    screen = SCREENS[name]
    route = (ROOT / screen.file).read_text(encoding="utf-8")
    assert f"from pages.screens.{name}.page import show_page" in route
    assert len(route.splitlines()) <= 6
    page = ROOT / "pages" / "screens" / name / "page.py"
    assert ast.get_docstring(ast.parse(page.read_text(encoding="utf-8")))
    journeys = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "e2e").glob("test_*.py"))
    assert name == "map" or f"/{screen.route}" in journeys or screen.title in journeys


def test_no_route_or_folder_is_outside_the_menu():
    routes = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__", "navigation"}
    assert routes == {screen.route for screen in SCREENS.values()}
    folders = {path.parent.name for path in (ROOT / "pages" / "screens").glob("*/page.py")}
    assert folders == set(SCREENS)


def test_the_recipes_name_files_that_exist():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"[`(]([\w]+/[\w/]+\.(?:py|toml|md|svg))[`)]", told)
    assert len(paths) > 15
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_picture_of_the_house_names_every_folder():
    drawn = (ROOT / "docs" / "house.svg").read_text(encoding="utf-8")
    folders = [
        path.parent.name
        for floor in ("pages", "reports", "coverage", "data", "geo")
        for path in (ROOT / floor).glob("*/__init__.py")
        if path.parent.name != "screens"
    ]
    assert [name for name in folders if f">{name}<" not in drawn] == []


def test_every_list_that_is_typed_in_is_searched_without_accents():
    """Streamlit's own lists find by the accent and answer in English: only those that nobody types in are left."""
    typed = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "pages").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"selectbox", "multiselect"}
        and not any(
            each.arg == "filter_mode" and isinstance(each.value, ast.Constant) and each.value.value is None
            for each in call.keywords
        )
    ]  # fmt: skip
    assert typed == []
