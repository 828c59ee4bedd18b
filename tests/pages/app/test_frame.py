"""What stands around every page: the section of the menu that it belongs to."""

import pytest

from pages.app.frame import _place_of_section
from pages.navigation import MENU


@pytest.mark.parametrize("section", MENU)
def test_a_page_lights_its_section_and_a_page_in_none_lights_nothing(section):
    shown = [screen.title for screen in MENU[""]] + [name for name in MENU if name]  # as the menu has them in a line
    for screen in MENU[section]:
        place = _place_of_section(screen.title)
        assert place == 0 if section == "" else shown[place - 1] == section
