"""A presentation is reopened from its file; a damaged file is refused with the line at fault."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.territories.gazetteer import FRANCE, Territory, UnknownTerritoryError
from pages.app.view import DEFAULT_INDICATOR, View
from pages.widgets.saved_views.kept import change, join, move, without
from pages.widgets.saved_views.views import (
    MAX_COMMENT,
    MAX_TITLE,
    MAX_VIEWS,
    UNTITLED,
    PresentationFileError,
    SavedView,
    read_views,
    write_views,
)
from pages.widgets.two_maps.choice import Side, TwoMaps

INDICATORS = {
    DEFAULT_INDICATOR: ("commune", "epci", "departement", "region", "france"),
    "msp_dgos_per_100k": ("departement", "region", "france"),
}
KNOWN = {FRANCE.key: FRANCE, "region-76": Territory("region", "76"), "commune-31555": Territory("commune", "31555")}
TWO = (
    SavedView.of("Où manquent les médecins", "Le Gers\nd’abord", View(territoire=KNOWN["region-76"])),
    SavedView.of("Les « MSP »", "", View(indicateur="msp_dgos_per_100k", maille="departement", structures=())),
)


class ToyGazetteer:
    """Knows three keys."""

    def parse(self, key):
        if key not in KNOWN:
            raise UnknownTerritoryError(key)
        return KNOWN[key]


def read(content):
    return read_views(content, ToyGazetteer(), INDICATORS)


views = st.builds(
    View,
    territoire=st.sampled_from(list(KNOWN.values())),
    indicateur=st.sampled_from(list(INDICATORS)),
    maille=st.sampled_from(["departement", "region"]),
    methode=st.sampled_from(["seuils", "quantiles", "jenks", "egales"]),
    classes=st.integers(3, 7),
    structures=st.lists(st.sampled_from(["msp", "cpts", "pharmacie"]), unique=True).map(tuple),
    selection=st.sampled_from([None, *KNOWN.values()]),
    # Of other pages: left out of what is saved.
    comparaison=st.sampled_from([(), (FRANCE,)]),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@given(saved=st.lists(st.builds(SavedView.of, texts, texts, views), max_size=6))
def test_a_file_reopens_the_same_views(saved):
    assert read(write_views(saved)) == (tuple(saved), [])
    assert read(write_views(saved).encode("utf-8-sig")) == (tuple(saved), [])


@given(title=texts, comment=texts, view=views)
def test_a_saved_view_always_fits_a_file(title, comment, view):
    saved = SavedView.of(title, comment, view)
    assert 1 <= len(saved.title) <= MAX_TITLE
    assert len(saved.comment) <= MAX_COMMENT
    assert SavedView.of(saved.title, saved.comment, saved.view) == saved


def test_a_view_without_a_title_has_one_all_the_same():
    assert SavedView.of("  ", "", View()).title == UNTITLED


def test_every_field_is_written_and_each_view_has_its_line():
    lines = write_views(TWO).splitlines()
    assert len(lines) == 7
    assert json.loads(lines[3].strip().rstrip(","))["view"]["indicateur"] == DEFAULT_INDICATOR  # though it is usual


@pytest.mark.parametrize(
    ("before", "after", "line", "named"),
    [
        ("maillage-presentation-1", "maillage-presentation-9", 2, "maillage-presentation-1"),
        ('"views"', '"vues"', 3, "vues"),
        ('"title": "Les « MSP »"', '"title": 12', 5, "title"),
        ('"title": "Les « MSP »"', f'"title": "{"x" * 81}"', 5, "title"),
        ('"title": "Les « MSP »"', '"title": " "', 5, "title"),
        ('"title": "Les « MSP »"', '"title": "\\ud800"', 5, "title"),
        ('"title": "Les « MSP »", ', "", 5, "title"),
        ('"comment": ""', '"comment": null', 5, "comment"),
        ('"comment": ""', '"coment": ""', 5, "coment"),
        ('"indicateur": "msp_dgos_per_100k"', '"indicateur": ["apl"]', 5, "indicateur"),
        ('"indicateur": "msp_dgos_per_100k"', '"canton": "12"', 5, "canton"),
        ('"classes": "5", "structures": ""', '"classes": NaN, "structures": ""', None, "NaN"),
        ('"view": {"territoire": "france"', '"view": {"territoire" "france"', 5, "attendu du JSON"),
    ],
)
def test_a_damaged_file_is_refused_with_the_line(before, after, line, named):
    content = write_views(TWO)
    assert before in content
    with pytest.raises(PresentationFileError) as refused:
        read(content.replace(before, after))
    assert named in str(refused.value)
    assert "Présentation" in str(refused.value)
    assert "Scénario" not in str(refused.value)
    if line:
        assert f"ligne {line}" in str(refused.value)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "null", "3", "[" * 100_000, "9" * 5000, b"\xff\xfe", b"\x00", '{"schema": "maillage-presentation-1"}',
     '{"schema": "maillage-presentation-1", "views": [3]}', "x" * 1_000_001, "é" * 600_000],
)  # fmt: skip
def test_anything_else_is_refused_in_words(content):
    with pytest.raises(PresentationFileError, match=r"Présentation.*attendu"):
        read(content)


def test_too_many_views_are_refused():
    with pytest.raises(PresentationFileError, match=rf"au plus {MAX_VIEWS} vues, trouvé {MAX_VIEWS + 1} vues"):
        read(write_views(TWO[:1] * (MAX_VIEWS + 1)))


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("region-76", "region-99", "territoire = « region-99 »"),
        (f'"indicateur": "{DEFAULT_INDICATOR}"', '"indicateur": "apl_1999"', "indicateur = « apl_1999 »"),
        ('"maille": "commune"', '"maille": "canton"', "maille = « canton »"),
        # Each is known, not together.
        (
            f'"indicateur": "{DEFAULT_INDICATOR}"',
            '"indicateur": "msp_dgos_per_100k"',
            "indicateur = « msp_dgos_per_100k », maille = « commune »",
        ),
    ],
)
def test_a_view_of_what_does_not_exist_is_named_and_the_others_are_there(before, after, named):
    saved, notices = read(write_views(TWO).replace(before, after))
    assert saved == TWO[1:]
    assert len(notices) == 1
    assert named in notices[0]
    assert "ligne 4" in notices[0]
    assert TWO[0].title in notices[0]


def test_the_list_is_reordered_renamed_and_shortened():
    a, b = TWO
    c = SavedView.of("C", "", View())
    assert move((a, b, c), 0, 1) == (b, a, c)
    assert move((a, b, c), 2, -1) == (a, c, b)
    assert move((a, b, c), 0, -1) == (a, b, c)
    assert move((a, b, c), 2, 1) == (a, b, c)
    assert without((a, b, c), 1) == (a, c)
    assert change((a, b), 1, "Autre", "Dit") == (a, SavedView.of("Autre", "Dit", b.view))
    assert join((a, b), (b, c)) == (a, b, c)
    many = [SavedView.of(str(k), "", View()) for k in range(MAX_VIEWS + 3)]
    assert join(many[:2], many) == tuple(many[:MAX_VIEWS])


def test_a_slide_of_a_territory_is_reopened_under_no_title_but_its_own():
    told = SavedView.of("", "À dire", TWO[0].view, "projection")
    named = SavedView.of("La démographie", "", TWO[0].view, "acces")
    assert told.title == ""
    reopened, notices = read(write_views([told, TWO[1], named]))
    assert reopened == (told, TWO[1], named)
    assert not notices
    assert change([told], 0, "Un titre", "")[0] == SavedView.of("Un titre", "", TWO[0].view, "projection")
    assert '"slide"' not in write_views(TWO)  # read by who had no slides


@pytest.mark.parametrize("slide", ['"inconnue"', "7", "[]"])
def test_a_slide_that_does_not_exist_is_refused_with_its_line(slide):
    content = write_views([SavedView.of("", "", TWO[0].view, "acces")]).replace('"acces"', slide)
    with pytest.raises(PresentationFileError, match=r"ligne 4.*slide : attendu carte, chiffres"):
        read(content)


def test_only_a_slide_of_a_territory_may_have_no_title():
    content = write_views([SavedView.of("Titre", "", TWO[0].view)]).replace('"Titre"', '""')
    with pytest.raises(PresentationFileError, match="attendu un titre"):
        read(content)


MAPS = {DEFAULT_INDICATOR: ("commune", "region"), "apl_65_2022": ("commune",), "n_msp_dgos": ("departement",)}
BOTH = TwoMaps(a=Side(indicateur="apl_65_2022", structures="2021"), territoire_b=KNOWN["region-76"], echelle=False)
PAIR = SavedView.of("", "À dire", View(territoire=KNOWN["region-76"]), "deux_cartes", BOTH)


def read_pair(content):
    return read_views(content, ToyGazetteer(), MAPS)


def test_two_maps_are_reopened_and_every_choice_of_theirs_is_written():
    written = write_views([PAIR, SavedView.of("Seule", "", View())])
    assert read_pair(written) == ((PAIR, SavedView.of("Seule", "", View())), [])
    views = json.loads(written)["views"]
    assert set(views[0]["maps"]) == {
        "a_indicateur", "a_maille", "a_structures", "b_indicateur", "b_maille", "b_structures", "b_territoire",
        "ab_vue", "ab_echelle",
    }  # fmt: skip
    assert "maps" not in views[1]
    assert change([PAIR], 0, "Un titre", "")[0].maps == BOTH


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('"maps": {', '"cartes": {', "cartes"),
        ('"slide": "deux_cartes"', '"slide": "carte"', "deux_cartes seulement"),
        ('"a_indicateur": "apl_65_2022", ', "", "a_indicateur"),
        ('"a_maille": "commune"', '"a_maille": 3', "a_maille"),
        ('"ab_vue": "cote"', '"ab_regard": "cote"', "ab_regard"),
    ],
)
def test_two_maps_that_are_damaged_are_refused_with_their_line(before, after, named):
    content = write_views([PAIR])
    assert before in content
    with pytest.raises(PresentationFileError, match=r"ligne 4.*attendu") as refused:
        read_pair(content.replace(before, after))
    assert named in str(refused.value)


def test_two_maps_without_what_they_show_are_refused():
    record = json.loads(write_views([PAIR]))
    for maps in (None, [], "a"):
        record["views"][0]["maps"] = maps
        with pytest.raises(PresentationFileError, match="maps : attendu ce que montrent les deux cartes"):
            read_pair(json.dumps(record))
    del record["views"][0]["maps"]
    with pytest.raises(PresentationFileError, match="maps : attendu ce que montrent les deux cartes"):
        read_pair(json.dumps(record))


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("apl_65_2022", "apl_1999", "a_indicateur = « apl_1999 »"),
        ('"b_territoire": "region-76"', '"b_territoire": "region-99"', "b_territoire = « region-99 »"),
        ('"ab_echelle": "non"', '"ab_echelle": "un peu"', "ab_echelle = « un peu »"),
        ('"a_indicateur": "apl_65_2022"', '"a_indicateur": "n_msp_dgos"', "a_indicateur = « n_msp_dgos », a_maille = "),
    ],
)
def test_two_maps_of_what_does_not_exist_are_left_out_and_named(before, after, named):
    content = write_views([PAIR, SavedView.of("Seule", "", View())])
    assert before in content
    saved, notices = read_pair(content.replace(before, after))
    assert saved == (SavedView.of("Seule", "", View()),)
    assert len(notices) == 1
    assert named in notices[0]
