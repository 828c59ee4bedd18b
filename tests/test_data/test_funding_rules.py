"""The dated rules of funding: the files that we ship, the choice of an edition, and each way to get a file wrong."""

import datetime as dt
import shutil
from typing import get_args

import pytest

from coverage.funding import read_msp_rules, rules
from data import funding_rules
from data.errors import DataError
from data.funding_rules import (
    DEFAULT_FOLDER,
    FundingRulesError,
    load_editions,
    load_rules,
    load_zone_aids,
)

TODAY = dt.date(2026, 11, 22)
MSP_FILE = "msp_avenant_1_2022.toml"
CPTS_FILE = "cpts_2024.toml"


@pytest.fixture
def folder(tmp_path):
    """Copy the rules that we ship, so that a test may spoil them."""
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "funding")


def spoil(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the file no longer says {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_rules_are_those_of_avenant_1():
    rules = load_rules("msp", on=TODAY)
    assert rules["edition"] == "avenant-1-2022"
    assert rules["file"] == MSP_FILE
    assert rules["point_eur"] == 7
    assert rules["reference_patients"] == 4000
    assert "avenant 2" in rules["warning"]
    assert rules["advance"]["certainty"] == "S"  # the 60 % is known from secondary sources only
    assert len(rules["line"]) == 14


def test_the_shipped_sizes_of_a_cpts_publish_the_two_ends_only():
    sizes = load_rules("cpts", on=TODAY)["size"]
    assert [size.get("amount_eur") for size in sizes] == [287_500, None, None, 580_000]
    assert [size.get("under_population") for size in sizes] == [40_000, 80_000, 175_000, None]


def test_an_unknown_edition_is_refused_with_the_list_of_the_known_ones():
    with pytest.raises(FundingRulesError, match=r"avenant-1-2022 \(depuis le 01/01/2022\).*Trouvé : avenant-9"):
        load_rules("msp", on=TODAY, edition="avenant-9")


def test_an_edition_that_is_not_yet_in_force_is_refused(folder):
    text = (folder / MSP_FILE).read_text(encoding="utf-8")
    later = text.replace('"avenant-1-2022"', '"avenant-2"').replace(
        "valid_from = 2022-01-01", "valid_from = 2027-01-01"
    )
    (folder / "msp_avenant_2.toml").write_text(later, encoding="utf-8")
    assert list(load_editions("msp", folder=folder)) == ["avenant-1-2022", "avenant-2"]
    assert load_rules("msp", on=TODAY, folder=folder)["edition"] == "avenant-1-2022"
    with pytest.raises(FundingRulesError, match="avenant-2, pas encore en vigueur le 22/11/2026"):
        load_rules("msp", on=TODAY, edition="avenant-2", folder=folder)
    assert load_rules("msp", on=dt.date(2027, 1, 1), folder=folder)["edition"] == "avenant-2"


def test_before_the_first_edition_nothing_is_in_force():
    with pytest.raises(FundingRulesError, match="aucune édition, pas encore en vigueur"):
        load_rules("msp", on=dt.date(2016, 1, 1))


def test_an_unknown_scheme_is_refused():
    with pytest.raises(FundingRulesError, match="msp ou cpts"):
        load_editions("esp")


def test_two_files_of_one_edition_are_refused(folder):
    shutil.copy(folder / MSP_FILE, folder / "msp_copie.toml")
    with pytest.raises(FundingRulesError, match="un nom par édition"):
        load_editions("msp", folder=folder)


def test_an_empty_folder_and_a_damaged_file_are_said(tmp_path, folder):
    with pytest.raises(FundingRulesError, match="aucun"):
        load_editions("msp", folder=tmp_path / "rien")
    (folder / MSP_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=f"{MSP_FILE}.*un fichier TOML"):
        load_editions("msp", folder=folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('scheme = "msp"', 'scheme = "cpts"', "scheme"),
        ('edition = "avenant-1-2022"', 'edition = ""', "edition. Attendu : un texte"),
        ("valid_from = 2022-01-01", 'valid_from = "2022"', "valid_from"),
        ("valid_from = 2022-01-01", "valid_from = 2022-01-01\nvalid_to = 2021-12-31", "valid_to"),
        ('certainty = "P"', 'certainty = "sûr"', "certainty"),
        ("point_eur = 7.0", 'point_eur = "7"', "point_eur"),
        ("point_eur = 7.0", "point_eur = inf", "point_eur"),
        ("reference_patients = 4000", "reference_patients = 0", "reference_patients"),
        ("share = 0.6", "share = 60", "advance, share.*au plus 1"),
        ('categories = ["prerequisite", "socle"]', 'categories = ["tout"]', "categories"),
        ("[inputs.n_months]", "[inputs.mois]", "inputs, n_months"),
        ('id = "crise"', 'id = "ouverture"', "line 2, id"),
        ('id = "crise"', 'id = "cri-se"', "line 2, id"),
        ('category = "socle"', 'category = "base"', "ligne « protocoles », category"),
        ('answer = "count"', 'answer = "nombre"', "ligne « protocoles », answer"),
        ('noun = "protocole"', "", "ligne « protocoles », noun"),
        ("repeat = 8", "repeat = 0", "ligne « protocoles », marche 1, repeat"),
        ("{ fixed_points = 800 }", "{ fixed_points = -800 }", "ligne « ouverture », marche 1, fixed_points"),
        ("[{ fixed_points = 800 }]", "[800]", "ligne « ouverture », steps 1. Attendu : une table"),
        ("[{ fixed_points = 800 }]", "[]", "ligne « ouverture », steps"),
        ("[{ fixed_points = 800 }]", "[{ repeat = 1 }]", "fixed_points ou variable"),
        ("[{ fixed_points = 800 }]", "[{ fixed_points = 800, repeat = 2 }]", "une marche"),
        ('kind = "discussed_files"', 'kind = "fichiers"', "ligne « concertations », marche 1, kind"),
        ("points = 1000, full_share", "point = 1000, full_share", "full_share, kind, points"),
        ("full_share = 0.05", "full_share = 5", "full_share"),
        ('condition = "crisis"', 'condition = "guerre"', "condition"),
        ("up_to = 8000", "up_to = 0", "bands, up_to"),
        ("{ points = 1100 }", "{ points = 1100, up_to = 9000 }", "une dernière tranche sans borne"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(folder, old, new, told):
    spoil(folder, MSP_FILE, old, new)
    with pytest.raises(FundingRulesError, match=told) as caught:
        load_rules("msp", on=TODAY, folder=folder)
    assert "Trouvé" in str(caught.value) or "trouvé" in str(caught.value)
    assert str(folder) not in str(caught.value)  # folders are nobody's business


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("size = 2", "size = 3", "taille 2"),
        ("under_population = 80000", "under_population = 30000", "taille 2, under_population"),
        ("amount_eur = 580000", "", "un montant aux deux tailles extrêmes"),
        ("amount_eur = 580000", "amount_eur = 1000", "jamais décroissant"),
        ("amount_eur = 580000", "amount_eur = 580000\nunder_population = 200000", "une dernière taille sans borne"),
    ],
)
def test_wrong_sizes_are_refused(folder, old, new, told):
    spoil(folder, CPTS_FILE, old, new)
    with pytest.raises(FundingRulesError, match=told):
        load_rules("cpts", on=TODAY, folder=folder)


def test_the_aids_of_a_zone_are_links_and_never_amounts(folder):
    aids = load_zone_aids()
    assert len(aids) >= 4
    for aid in aids:
        assert aid["url"].startswith("https://")
        assert set(aid["zones"]) <= {"ZIP", "ZAC", "ZAR", "HZ"}
        assert "€" not in aid["text"] + aid["label"]
    spoil(folder, funding_rules.ZONE_AIDS, "https://www.ameli.fr/medecin", "ameli")
    with pytest.raises(FundingRulesError, match="aide 1, url"):
        load_zone_aids(folder)


def test_what_the_file_names_is_what_the_computation_knows():
    # data may not import the subject: the two lists of names are kept equal by hand, and this says when they are not
    assert set(get_args(rules.VariableKind)) == set(funding_rules.VARIABLES)
    assert get_args(rules.Category) == funding_rules.CATEGORIES
    assert get_args(rules.Answer) == funding_rules.ANSWERS
    assert read_msp_rules(load_rules("msp", on=TODAY)).line("protocoles").steps[7].fixed_points == 100
