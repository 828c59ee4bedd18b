"""A commune is found as people write it, by one rule."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import commune_names
from geo.commune_names import CommuneNames, fold

NAMES = {
    "2A004": "Ajaccio",
    "11339": "Saint-Denis",
    "13055": "Marseille",
    "38052": "Le Bourg-d'Oisans",
    "48034": "La Canourgue",
    "48095": "Mende",
    "69123": "Lyon",
    "71076": "Chalon-sur-Saône",
    "74010": "Annecy",
    "75056": "Paris",
    "84089": "Pertuis",
    "85047": "Le Mur",
    "85048": "Mur",
    "93066": "Saint-Denis",
    "94038": "L'Haÿ-les-Roses",
    "97411": "Saint-Denis",
}
POSTCODES = {
    "75056": "75001 75016 75116",
    "48095": "48000",
    "48034": "48500",
    "93066": "93200 93210",
    "11339": "11310",
    "97411": "97400 97490",
}
DEPARTEMENTS = {
    "2A": "Corse-du-Sud", "11": "Aude", "13": "Bouches-du-Rhône", "38": "Isère", "48": "Lozère", "69": "Rhône",
    "71": "Saône-et-Loire", "74": "Haute-Savoie", "75": "Paris", "84": "Vaucluse", "85": "Vendée",
    "93": "Seine-Saint-Denis", "94": "Val-de-Marne", "974": "La Réunion",
}  # fmt: skip
RULE = CommuneNames(
    names=NAMES,
    departement_of={code: "974" if code.startswith("97") else code[:2] for code in NAMES},
    postcodes=POSTCODES,
    departements=DEPARTEMENTS,
    now={"74011": "74010", "75016": "94016"},
    former_names={"74010": ["Annecy-le-Vieux", "Saint-Denis", "Le Pringy"], "48095": ["Le Chastel", "Mur"]},
)


def test_examples_run():
    outcome = doctest.testmod(commune_names)
    assert outcome.attempted
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "48095") for text in ("Mende", "MENDE", "Mende (48)", "Mende 48", "48 - Mende", "48000 MENDE",
          "F-48000 Mende", "MENDE CEDEX", "48001 Mende Cedex 9", "Mende (48000)", "Mende (48095)", "Mende, Lozère",
          "mende (lozere)", "commune de Mende", "Ville de Mende (48)", "Mende, France", "48095")),
        *((text, "48034") for text in ("CANOURGUE (LA)", "Canourgue, La", "La Canourgue", "canourgue",
          "48500 LA CANOURGUE", "commune de La Canourgue")),
        *((text, "38052") for text in ("Bourg-d'Oisans (Le)", "LE BOURG D OISANS", "bourg doisans",
          "Le Bourg-d’Oisans")),
        *((text, "94038") for text in ("lhay les roses", "L HAY LES ROSES", "L’Haÿ-les-Roses", "HAY-LES-ROSES (L')")),
        *((text, "71076") for text in ("Chalon s/ Saône", "CHALON S/SAONE", "chalon sur saone")),
        *((text, "93066") for text in ("Saint-Denis (93)", "ST DENIS 93", "Saint-Denis (93066)", "93210 ST DENIS",
          "St-Denis, Seine-Saint-Denis", "Saint-Denis (93066)")),
        *((text, "97411") for text in ("Saint-Denis (974)", "97490 SAINT DENIS", "Saint-Denis (La Réunion)",
          "Saint-Denis (Réunion)")),
        *((text, "69383") for text in ("Lyon 3e", "Lyon 3", "LYON 03", "Lyon 3ème arrondissement", "lyon III",
          "69003 Lyon", "3e arrondissement de Lyon", "Lyon (3e)", "69003 LYON 3EME", "Lyon troisième",
          "troisième arrondissement de Lyon", "LYON TROISIEME ARRDT", "Lyon 3e ardt")),
        *((text, "13201") for text in ("Marseille premier", "Marseille première", "Marseille 1er", "marseille I")),
        *((text, "75117") for text in ("Paris dix-septième", "Paris 17ème", "paris XVII")),
        *((text, "75113") for text in ("Paris 13", "PARIS 13E  ARRONDISSEMENT", "Paris XIIIe", "75013 PARIS")),
        ("75116 Paris", "75116"),
        ("13008 Marseille", "13208"),
        ("Lyon 69", "69123"),
        ("Marseille", "13055"),
        ("Le Mur", "85047"),
        ("Mur", "85048"),
        ("Mur 85", "85048"),
        ("Ajaccio (20)", "2A004"),
        ("20090 Ajaccio", "2A004"),
        ("Ajaccio 2a", "2A004"),
        ("Annecy-le-Vieux", "74010"),
        ("annecy le vieux (74)", "74010"),
        ("Pringy (Le)", "74010"),
        ("Mur 48", "48095"),
        ("Chalon/Saône", "71076"),
        ("75016", "75116"),
        ("74011", "74011"),
        ("48000", "48095"),
    ],
)  # fmt: skip
def test_every_usual_writing_names_the_commune(text, code):
    assert RULE.find(text).codes == (code,)


@pytest.mark.parametrize("text", ["", "-", "Nulle-Part", "99999", "Lyon 3 Marseille", "(48)", "cedex", "48"])
def test_what_names_none_gives_none(text):
    assert RULE.find(text).codes == ()


def test_homonyms_are_all_given_and_a_wrong_hint_finds_none_of_them():
    assert RULE.find("St Denis").codes == ("11339", "93066", "97411")
    assert RULE.find("Saint-Denis", departement="11").codes == ("11339",)
    assert RULE.find("Saint-Denis", postcode="11310").codes == ("11339",)
    match = RULE.find("Mende (93)")
    assert (match.codes, match.same_name) == ((), ("48095",))


def test_a_former_name_is_told_and_gives_way_to_a_commune_of_today():
    assert RULE.find("Annecy-le-Vieux").is_former
    assert not RULE.find("Saint-Denis").is_former
    assert (RULE.find("Saint-Denis (74)").codes, RULE.find("Saint-Denis (74)").is_former) == (("74010",), True)
    assert RULE.find("Annecy-le-Vieux (48)").codes == ()


def test_a_hint_never_gives_the_commune_of_another_department():
    assert RULE.find("Pertuis (48)").codes == ()
    assert RULE.find("48000 Lyon").codes == ()


@pytest.mark.parametrize(
    ("text", "departement", "code"),
    [
        ("1004", "", "01004"), ("95", "48", "48095"), ("095", "48", "48095"), ("004", "2A", "2A004"),
        ("11", "974", "97411"), ("411", "974", "97411"), ("48095", "", "48095"), (" 2a 004", "", "2A004"),
        ("48095.0", "", "48095"), ("abc", "48", "ABC"),
    ],
)  # fmt: skip
def test_a_code_without_its_zero_or_in_two_parts_is_made_whole(text, departement, code):
    assert RULE.whole_code(text, departement) == code


@given(st.text(max_size=40))
def test_any_text_is_read(text):
    assert all(RULE.is_known(code) for code in RULE.find(text).codes)


@given(st.sampled_from(sorted(NAMES)), st.sampled_from(["{n} ({d})", "{d} {n}", "{n} {d}", "{n}, {d}"]))
def test_the_department_always_tells_homonyms_apart(code, form):
    departement = RULE.departement_of[code]
    if NAMES[code] in {"Paris", "Lyon", "Marseille"}:
        return
    assert code in RULE.find(form.format(n=NAMES[code], d=departement)).codes


def test_fold_is_idempotent():
    for name in ("L'Haÿ-les-Roses", "Œuilly", "Saint-Étienne"):
        assert fold(fold(name)) == fold(name)
