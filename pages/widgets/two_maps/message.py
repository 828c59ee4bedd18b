"""What two maps say in a sentence: the change, where they show one, else both figures."""

from coverage.terms.site_dates import SiteDates
from pages.app.facts import load_facts
from pages.app.tables import load_gazetteer
from pages.app.view import View
from pages.widgets.structure_dates import changes_message
from pages.widgets.two_maps.choice import NO_SITES, TwoMaps
from pages.widgets.two_maps.sides import is_one_place
from reports.territory.messages import change_message, tell_two

_THEN: tuple[SiteDates, ...] = ("2021",)
_NOW: tuple[SiteDates, ...] = ("recentes", "actuelles")


def message_of(view: View, maps: TwoMaps) -> str:
    """Return the sentence of two maps, with its figures and their dates; their names where a figure is unknown."""
    gazetteer, facts = load_gazetteer(), load_facts(view.horizon)
    one_place = is_one_place(maps, view)
    first = view.selection or view.territoire
    second = first if view.selection or one_place else maps.territoire_b or view.territoire
    asked = maps.a.indicateur, maps.b.indicateur
    if first == second:
        if said := change_message(facts, asked, first):
            return said
        if _shows_sites_change(maps) and (said := changes_message(gazetteer, first)):
            return said
    if said := tell_two(facts, (asked[0], first), (asked[1], second)):
        return said.removesuffix(".")
    names = dict.fromkeys(gazetteer.name(place) for place in (first, second))
    labels = dict.fromkeys(facts.indicator(name).short_label for name in asked)
    return f"{' et '.join(names)} : {' et '.join(labels)}"


def _shows_sites_change(maps: TwoMaps) -> bool:
    """Tell whether both show one indicator, the first with the structures of 2021, the second with those of today."""
    a, b = maps.a, maps.b
    is_one = a.indicateur == b.indicateur and NO_SITES not in (a.structures, b.structures)
    return is_one and a.structures in _THEN and b.structures in _NOW
