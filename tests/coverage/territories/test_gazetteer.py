"""Territories are found as readers type them, and contain each other as the law says."""

from functools import partial

import pandas as pd
import pytest

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory, UnknownTerritoryError
from data import store
from geo.levels import GROUPINGS


@pytest.fixture
def gazetteer():
    return Gazetteer(
        communes=pd.DataFrame(
            {
                "commune_code": ["31555", "34172", "93066", "97411"],
                "name": ["Toulouse", "Montpellier", "Saint-Denis", "Saint-Denis"],
                "departement_code": ["31", "34", "93", "974"],
                "region_code": ["76", "76", "11", "04"],
                "epci_code": ["E1", pd.NA, "E3", "E4"],
                "postcodes": ["31000 31100", "34000", "93200", "97400"],
                "population": [514819.0, 310240.0, 150000.0, 155634.0],
            }
        ).astype({"epci_code": "str"}),
        epci=pd.DataFrame(
            {
                "epci_code": ["E1", "E3", "E4"],
                "name": ["Toulouse Métropole", "Plaine Commune", "CINOR"],
                "departement_code": ["31", "93", "974"],
                "region_code": ["76", "11", "04"],
                "population": [800000.0, 450000.0, 210000.0],
            }
        ),
        departements=pd.DataFrame(
            {
                "departement_code": ["31", "34", "93", "974"],
                "name": ["Haute-Garonne", "Hérault", "Seine-Saint-Denis", "La Réunion"],
                "region_code": ["76", "76", "11", "04"],
            }
        ),
        regions=pd.DataFrame({"region_code": ["04", "11", "76"], "name": ["La Réunion", "Île-de-France", "Occitanie"]}),
    )


def test_search_ignores_accents_case_hyphens_and_finds_st_for_saint(gazetteer):
    assert gazetteer.search("herault") == [Territory("departement", "34")]
    assert gazetteer.search("ST DENIS") == [
        Territory("commune", "97411"),  # the larger homonym first
        Territory("commune", "93066"),
        Territory("departement", "93"),  # begins elsewhere in the name
    ]


def test_exact_name_comes_before_names_that_begin_so(gazetteer):
    assert gazetteer.search("toulouse") == [Territory("commune", "31555"), Territory("epci", "E1")]


def test_postcode_and_official_code_find_the_commune(gazetteer):
    assert gazetteer.search("31100") == [Territory("commune", "31555")]
    assert gazetteer.search("93066") == [Territory("commune", "93066")]


@pytest.mark.parametrize("text", ["", "   ", "zzzz", "-", "99999"])
def test_nothing_found_is_an_empty_list(gazetteer, text):
    assert gazetteer.search(text) == []


def test_containing_territories_nearest_first(gazetteer):
    assert gazetteer.containing(Territory("commune", "31555")) == (
        Territory("epci", "E1"),
        Territory("departement", "31"),
        Territory("region", "76"),
        FRANCE,
    )
    assert Territory("epci", "E1") not in gazetteer.containing(Territory("commune", "34172"))
    assert gazetteer.containing(FRANCE) == ()


def test_mask_and_within_agree(gazetteer):
    for territory in (FRANCE, Territory("region", "76"), Territory("departement", "93"), Territory("epci", "E4")):
        by_mask = gazetteer.communes["commune_code"][gazetteer.mask(territory)].tolist()
        assert by_mask == gazetteer.within(territory, "commune")["commune_code"].tolist()
    assert gazetteer.mask(Territory("region", "76")).sum() == 2


@pytest.mark.parametrize("key", ["region-99", "commune-", "planete-1", "", "france-FR", "region76"])
def test_unknown_keys_are_refused(gazetteer, key):
    with pytest.raises(UnknownTerritoryError):
        gazetteer.parse(key)


@pytest.mark.parametrize("territory", [FRANCE, Territory("region", "76"), Territory("commune", "97411")])
def test_keys_are_read_back(gazetteer, territory):
    assert gazetteer.parse(territory.key) == territory


SEARCHES = {
    "Saint-Denis (93066)": "93066", "Saint-Denis (93)": "93066", "Mende 48": "48095", "48000 Mende": "48095",
    "74011": "74010", "Lyon 3e": "69123", "Paris 13": "75056", "lhay les roses": "94038",
    "Annecy-le-Vieux": "74010", "chateau du loir": "72071", "Javols (48)": "48009", "CRAN GEVRIER 74": "74010",
    "Noyant-la-Gravoyère": "49331", "75016": "75056", "Boulogne/Mer": "62160", "Clermont-Fd": "63113",
    "Bourg d'Oisans (Le)": "38052", "canourgue": "48034", "69003 LYON": "69123", "49319": "49331", "1053": "01053",
}  # fmt: skip


@pytest.mark.parametrize("text", SEARCHES)
def test_what_people_type_finds_the_commune_first(whole_country, text):
    assert whole_country.search(text)[0] == Territory("commune", SEARCHES[text])


WRITTEN = {
    "Lozère (48)": "departement-48", "48 Lozère": "departement-48", "dept de la Lozère": "departement-48",
    "departement 48": "departement-48", "Région Occitanie": "region-76", "Occitanie (76)": "region-76",
    "Corse-du-Sud (2A)": "departement-2A", "France": "france", "Communauté de communes du Gévaudan": "epci-244800470",
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_every_territory_is_found_by_the_label_that_it_has_on_screen(whole_country, text):
    assert whole_country.search(text)[0].key == WRITTEN[text]


def test_every_territory_is_found_by_its_own_label(whole_country):
    for level in ("region", "departement", "epci", "commune"):
        codes = whole_country.table(level)[f"{level}_code"]
        for code in codes[:: max(1, len(codes) // 40)]:
            territory = Territory(level, code)
            assert territory in whole_country.search(whole_country.label(territory), limit=60)


def test_a_former_commune_is_named_beside_what_holds_it(whole_country):
    annecy = Territory("commune", "74010")
    assert whole_country.once(annecy, "annecy le v") == "Annecy-le-Vieux"
    assert whole_country.once(annecy, "Cran-Gevrier (74)") == "Cran-Gevrier"
    assert whole_country.once(annecy, "annecy") == whole_country.once(annecy, "74000") == ""
    # A homonym of today comes before what holds a former one.
    assert whole_country.search("Pringy")[0].code != "74010"
    assert annecy in whole_country.search("Pringy")


def test_an_old_code_says_what_it_is_today(whole_country):
    assert whole_country.former("74011").endswith("aujourd’hui Annecy (74010).")
    assert "partie de Lyon" in whole_country.former("Lyon 3e")
    assert whole_country.former("Mende") == whole_country.former("zzz") == ""


@pytest.fixture(scope="module")
def whole_country():
    return Gazetteer.of(store.load)


@pytest.fixture
def toy(toy_country):
    return Gazetteer.of(partial(getattr, toy_country))


BASSIN, AIRE = Territory("bassin_de_vie", "32001"), Territory("aire_attraction", "001")


def test_a_grouping_over_two_departments_lies_in_neither_and_is_listed_in_its_main_one(toy):
    for territory in (BASSIN, AIRE, Territory("epci", "200000002")):
        assert toy.containing(territory) == toy.compared(territory) == (Territory("region", "76"), FRANCE)
        assert {place.code for place in toy.astride(territory)} == {"31", "32"}
    assert toy.home(BASSIN, "departement") == Territory("departement", "32")  # 8 500 of 10 500 inhabitants
    assert toy.home(AIRE, "departement") == Territory("departement", "31")
    assert toy.homes(BASSIN) == (Territory("departement", "32"), Territory("region", "76"), FRANCE)
    assert toy.situation(BASSIN) == (
        "Bassin de vie 32001 · à cheval sur 2 départements (Basse-Rive, Haute-Rive) · Occi-Rive"
    ).replace("Occi-Rive", toy.name(Territory("region", "76")))
    whole = Territory("bassin_de_vie", "31003")
    assert toy.astride(whole) == ()
    assert toy.containing(whole)[0] == Territory("departement", "31")


def test_a_commune_lies_in_its_groupings_and_is_compared_with_its_department(toy):
    commune = Territory("commune", "31001")
    assert toy.containing(commune) == (
        Territory("epci", "200000001"),
        Territory("bassin_de_vie", "31001"),
        AIRE,
        Territory("departement", "31"),
        Territory("region", "76"),
        FRANCE,
    )
    assert toy.compared(commune) == toy.containing(commune)[3:]
    assert all(place.level != "aire_attraction" for place in toy.containing(Territory("commune", "31003")))


def test_a_region_of_one_department_is_named_once_and_not_set_against_itself(whole_country):
    departement = Territory("departement", "974")
    assert whole_country.compared(Territory("commune", "97411")) == (departement, FRANCE)
    assert whole_country.compared(departement) == whole_country.compared(Territory("region", "04")) == (FRANCE,)
    assert whole_country.situation(Territory("commune", "97411")).count("· La Réunion") == 1
    assert len(whole_country.compared(Territory("commune", "2A004"))) == 3


def test_within_lists_each_grouping_once_by_the_slow_way_too(toy, toy_country):
    communes = toy_country.communes
    for level in GROUPINGS:
        for above in ("departement", "region", "epci"):
            if above == level:
                continue
            for code in toy.table(above)[f"{above}_code"]:
                expected = []
                for held in sorted(communes[f"{level}_code"].dropna().unique()):
                    people: dict[str, float] = {}
                    for row in communes[communes[f"{level}_code"] == held].to_dict("records"):
                        home = row[f"{above}_code"]
                        home = home if isinstance(home, str) else "~"
                        people[home] = people.get(home, 0.0) + row["population"]
                    if min(people, key=lambda home: (-people[home], home)) == code:
                        expected.append(held)
                assert toy.within(Territory(above, code), level)[f"{level}_code"].tolist() == expected, (level, code)


def test_what_bears_the_name_of_its_town_says_what_it_is(toy):
    assert toy.name(BASSIN) == "Auchelle (bassin de vie)"
    assert toy.label(BASSIN) == "Auchelle (bassin de vie, 32001)"
    assert toy.search("auchelle") == [Territory("commune", "32001"), BASSIN]
    assert toy.search("bassin de vie d'Auchelle") == [BASSIN]
    assert toy.search("aire d’attraction Villehaute") == [AIRE]


def test_the_bassins_de_vie_of_the_country_are_found(whole_country):
    toulouse = Territory("bassin_de_vie", "31555")
    assert whole_country.parse("bassin_de_vie-31555") == toulouse
    assert toulouse in whole_country.search("Toulouse")
    assert whole_country.search("bassin de vie de Toulouse")[0] == toulouse
    crossing = [code for code in whole_country.bassins_de_vie["bassin_de_vie_code"]
                if whole_country.astride(Territory("bassin_de_vie", code))]  # fmt: skip
    assert len(crossing) == 572
    listed = [whole_country.within(Territory("departement", code), "bassin_de_vie")
              for code in whole_country.departements["departement_code"]]  # fmt: skip
    assert sum(map(len, listed)) == 1_707


def test_a_territory_that_holds_one_of_a_level_alone_is_seen_among_others(gazetteer):
    herault, occitanie = Territory("departement", "34"), Territory("region", "76")
    assert gazetteer.surroundings(herault) == herault
    assert gazetteer.surroundings(herault, "departement") == occitanie
    assert gazetteer.surroundings(occitanie, "departement") == occitanie
    assert gazetteer.surroundings(occitanie, "region") == FRANCE
    assert (
        gazetteer.surroundings(Territory("departement", "974"), "departement") == FRANCE
    )  # the only one of its region
    assert gazetteer.surroundings(Territory("commune", "31555")) == Territory("departement", "31")
    assert gazetteer.surroundings(Territory("commune", "31555"), "departement") == occitanie
