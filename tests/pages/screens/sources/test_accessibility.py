"""The contact of the declaration of accessibility, which is the organisation's to give."""

from pages.screens.sources.accessibility import tell_contact


def test_without_a_contact_the_page_says_that_it_lacks():
    assert "n’a pas encore indiqué" in tell_contact(" ")


def test_a_contact_can_be_copied_as_it_was_given():
    assert tell_contact(" ARS : acces@ars.example ").endswith(" : ARS : acces@ars.example")
