"""Territories are found as readers type them, and contain each other as the law says."""

import pandas as pd
import pytest

from coverage.gazetteer import FRANCE, Gazetteer, Territory, UnknownTerritoryError, fold


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


def test_fold_is_idempotent():
    for name in ("L'Haÿ-les-Roses", "Œuilly", "Saint-Étienne"):
        assert fold(fold(name)) == fold(name)
