"""What the browser is given of a map that is compared: its name, the other side, what joins two frames."""

import dataclasses

import pytest

from geo import map as layers
from geo.map import Comparison, Layer, Link, Pair, PairedTexts
from tests.geo.map.test_layers import payload_of, structures, values

PAIR = Pair(
    PairedTexts("A", ["1,0", None], "h", "APL, 2022", "aucun"),
    PairedTexts("B", ["2,0", "3,0"], "h", "APL, 2023"),
    PairedTexts("Différence", ["+1,0", None], "h"),
)


def legend_of(drawn):
    return layers.class_legend(drawn, ["bas", "moyen", "haut"])


def test_the_second_side_is_drawn_from_its_own_values_and_shares_the_rest():
    first, second = values("012n"), values("2210", ["4,0", "5,0", "6,0", "7,0"], vintage="2023")
    comparison = Comparison(
        "A", PAIR, second=Layer(second, legend_of(second), structures(longitude=[0.5, 1.0])), second_name="B"
    )
    payload = payload_of(layers.overlay(first, legend_of(first), selected=("commune", "01001"), comparison=comparison))
    beside = payload["second"]
    assert (payload["name"], payload["classes"]) == ("A", "012n")
    assert (beside["name"], beside["classes"], beside["values"]) == ("B", "2210", "4,0\n5,0\n6,0\n7,0")
    assert beside["legend"]["entries"][0] == payload["legend"]["entries"][0] | {"count": 1}
    assert (payload["structures"], beside["structures"]["code"]) == (None, ["310000001", "310000002"])
    shared = ("view", "selection", "outlines", "labels", "theme")
    assert all(beside[field] == payload[field] for field in shared)


def test_both_texts_and_their_difference_go_with_the_map():
    payload = payload_of(layers.overlay(values(), comparison=Comparison("A", PAIR)))
    assert [side["values"] for side in payload["pair"]["sides"]] == ["1,0\n", "2,0\n3,0"]
    assert payload["pair"]["sides"][0]["none"] == "aucun"
    assert payload["pair"]["difference"]["values"] == "+1,0\n"
    assert "second" not in payload


def test_two_frames_are_joined_by_the_name_of_their_page():
    link = Link("maillage-1234", leads=True, views=False)
    payload = payload_of(layers.overlay(values(), comparison=Comparison("A", link=link)))
    assert payload["link"] == {"name": "maillage-1234", "leads": True, "views": False}


def test_a_map_alone_has_no_other_side():
    payload = payload_of(layers.overlay(values()))
    assert payload.keys().isdisjoint({"name", "link", "pair", "second"})


def test_texts_of_other_territories_are_refused():
    with pytest.raises(ValueError, match=r"\[2, 3\] territories"):
        Pair(PAIR.first, dataclasses.replace(PAIR.second, texts=["1", "2", "3"]))
