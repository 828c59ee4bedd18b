"""Figures published elsewhere: each table has some, all are found again, and a wrong table is refused by name."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import store
from data.contracts import published_measures
from data.contracts.published_measures import MEASURES, compare, lowest_mean, require_figures
from data.contracts.schemas import CONTRACTS
from data.contracts.synced_schemas import SYNCED_CONTRACTS
from data.errors import CatalogError, ContractError
from data.sources.published_figures import DEFAULT_PATH, INDEPENDENCE, load_published_figures, require_outside_check
from data.sources.registry import load_remotes
from tests.toy import toy_country

FIGURES = load_published_figures()
ABOVE_TABLES = {"funding"}  # rules, not a table: compared in tests/reports/quality/test_controls.py
SOURCES_OF = {
    name: entry["sources"] for name, entry in store.manifest(store.DEFAULT_FOLDER)["tables"].items()
}  # of the committed snapshot

ENTRY = """
[[publication]]
id = "elsewhere"
title = "Un bilan"
producer = "Un autre"
date = "2023"
independence = "autre producteur"
certainty = "P"

[[group]]
id = "people"
label = "Habitants"
table = "communes"
sources = ["toy"]
measure = "total"
options = { column = "population" }
publication = "elsewhere"
unit = "habitants"
tolerance = 0
values = { france = 86900, departement-31 = 20000 }
"""


def write(folder, text):
    path = folder / "published_figures.toml"
    path.write_text(text, encoding="utf-8")
    return path


def toy_read(name):
    return getattr(toy_country(), name)


@pytest.fixture(scope="module")
def compared(snapshots):
    return compare([f for f in FIGURES if f.table not in ABOVE_TABLES], snapshots, sources_of=SOURCES_OF)


def test_every_table_has_a_figure_published_elsewhere():
    require_outside_check({**CONTRACTS, **SYNCED_CONTRACTS}, FIGURES)
    with pytest.raises(CatalogError, match="cats"):
        require_outside_check({**CONTRACTS, "cats": None}, FIGURES)


def test_every_figure_is_about_a_table_and_a_source_that_there_are():
    known = {**CONTRACTS, **SYNCED_CONTRACTS}
    brought = {name: set(entry) for name, entry in SOURCES_OF.items()}
    for remote in load_remotes().values():
        for table in remote.tables:
            brought.setdefault(table, set()).add(remote.id)
    for figure in FIGURES:
        if figure.table not in ABOVE_TABLES:
            assert figure.table in known, figure.id
            assert set(figure.sources) <= brought[figure.table], figure.id
            assert figure.measure in MEASURES, figure.id


def test_the_embedded_tables_find_every_figure_again(compared):
    ours = compared[compared["id"].isin(f.id for f in FIGURES if set(f.sources) & set(SOURCES_OF.get(f.table, ())))]
    assert len(ours) >= 100
    wrong = ours[~ours["verdict"].isin(["retrouvé", "écart expliqué"])]
    assert wrong[["id", "published", "found"]].to_dict("records") == []
    require_figures(ours)


def test_the_figures_are_not_all_of_one_table():
    counted = Counter(figure.table for figure in FIGURES)
    assert sum(counted.values()) - counted["apl"] >= 100
    assert len({figure.publication.id for figure in FIGURES}) >= 20


def test_a_gap_is_either_rounding_or_said():
    for figure in FIGURES:
        assert figure.publication.independence in INDEPENDENCE
        assert (figure.explained > 0) == bool(figure.why), figure.id
        assert figure.why == "" or figure.why.endswith("."), figure.id
        # what is explained stays small beside the figure, but for the one that is said to be another count
        assert figure.explained <= 0.3 * figure.value or figure.explained <= 15, figure.id


def test_a_figure_of_another_version_of_the_table_has_nothing_to_say(snapshots):
    one = [figure for figure in FIGURES if figure.table == "structures"]
    elsewhere = compare(one, snapshots, sources_of={"structures": ["another"]})
    assert set(elsewhere["verdict"]) == {"sans objet"}
    assert elsewhere["found"].isna().all()
    require_figures(elsewhere, whole=False)
    with pytest.raises(ContractError, match="structures"):
        require_figures(elsewhere)


@pytest.mark.parametrize(
    ("table", "change", "check"),
    [
        ("apl", lambda t: t.assign(apl=t["apl"] * 1.05), "APL 2022, tous âges"),
        ("commune_context", lambda t: t.assign(share_75plus=t["share_75plus"] * 1.2), "75 ans"),
        ("msp_series", lambda t: t.assign(n_structures=t["n_structures"] + 60), "MSP au 31 décembre 2020"),
        ("population_series", lambda t: t.iloc[10_000:], "Population au 1er janvier 2017"),
    ],
)
def test_a_table_that_is_wrong_is_refused_by_name(snapshots, table, change, check):
    wrong = change(snapshots(table).copy())
    figures = [figure for figure in FIGURES if figure.table == table and set(figure.sources) & set(SOURCES_OF[table])]
    found = compare(figures, lambda name: wrong if name == table else snapshots(name))
    with pytest.raises(ContractError, match=rf"{table}.*{check}.*Attendu.*Trouvé"):
        require_figures(found)


def test_figures_of_a_country_counted_by_hand(tmp_path):
    figures = load_published_figures(write(tmp_path, ENTRY))
    found = compare(figures, toy_read).set_index("territory")
    communes = toy_country().communes
    assert found.loc["france", "found"] == 86_900 == communes["population"].sum()
    by_hand = sum(row.population for row in communes.itertuples() if row.departement_code == "31")
    assert found.loc["departement-31", "found"] == by_hand
    assert found.loc["departement-31", "gap"] == by_hand - 20_000
    assert found.loc["france", "verdict"] == "retrouvé"
    assert found.loc["departement-31", "verdict"] == "en écart"


@pytest.mark.parametrize(
    ("gap", "verdict"), [(0.0, "retrouvé"), (2.0, "retrouvé"), (-5.0, "écart expliqué"), (6, "en écart")]
)
def test_a_verdict(tmp_path, gap, verdict):
    text = ENTRY.replace("tolerance = 0", 'tolerance = 2\nexplained = 5\nwhy = "Une raison."')
    figure = load_published_figures(write(tmp_path, text))[0]
    assert published_measures.verdict(figure, figure.value + gap) == verdict


def test_the_measures_have_slow_twins():
    country = toy_country()
    rows = country.apl[country.apl["vintage"] == 2023].merge(country.communes[["commune_code", "population"]])
    known = [row for row in rows.itertuples() if not np.isnan(row.apl)]
    weights = sum(row.population_standardised for row in known)
    mean = sum(row.apl * row.population_standardised for row in known) / weights
    assert MEASURES["mean"](rows, column="apl", weight="population_standardised") == pytest.approx(mean)
    under = sum(row.population_total for row in known if row.apl < 2.5)
    assert MEASURES["people_under"](rows, column="apl", limit=2.5, people="population_total") == pytest.approx(under)
    share = 100 * under / sum(row.population_total for row in known)
    assert MEASURES["share"](rows, column="apl", people="population_total", before=2.5) == pytest.approx(share)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "habitants"\n', "", "unit"),
        ('measure = "total"', 'measure = "total"\ncolour = 1', "colour"),
        ('publication = "elsewhere"', 'publication = "nowhere"', "nowhere"),
        ("france = 86900", 'france = "86900"', "values"),
        ("tolerance = 0", "tolerance = 0\nexplained = 3", "why"),
        ('independence = "autre producteur"', 'independence = "le même fichier"', "le même fichier"),
        ('certainty = "P"', 'certainty = "X"', "certainty"),
        ('date = "2023"', 'date = ""', "publication 1"),
        ("[[group]]", "[[group", "TOML"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, old, new, said):
    assert old in ENTRY
    with pytest.raises(CatalogError, match=re.escape(said)):
        load_published_figures(write(tmp_path, ENTRY.replace(old, new)))


def test_an_unknown_measure_is_named(tmp_path):
    figures = load_published_figures(write(tmp_path, ENTRY.replace('"total"', '"guess"')))
    with pytest.raises(CatalogError, match="guess"):
        compare(figures, toy_read)


def test_the_list_names_no_machine():
    assert not re.search(r"/work|/home|localhost|https?://", DEFAULT_PATH.read_text(encoding="utf-8"))


people = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=15)


@given(people, st.integers(1, 10))
def test_the_slow_twin_of_the_lowest_mean_agrees(rows, tenths):
    """Line the people up one by one, from the lowest APL, and average the first ones."""
    line = [
        (apl / 100, standardised / total)
        for apl, total, standardised in sorted(rows, key=lambda row: row[0])
        for _ in range(total * 10)  # ten pieces a person, so that every tenth is whole
    ]
    first = line[: len(line) * tenths // 10]
    weight = sum(piece[1] for piece in first)
    units = pd.DataFrame(rows, columns=["apl", "population_total", "population_standardised"]).astype("float64")
    found = lowest_mean(units.assign(apl=units["apl"] / 100), "apl", tenths / 10)
    if weight == 0:
        assert np.isnan(found)
    else:
        # Units of equal APL may be taken in another order, with another weight: the mean is the same, the bound is not.
        assert min(apl for apl, _ in line) - 1e-9 <= found <= max(apl for apl, _ in line) + 1e-9
        if len({row[0] for row in rows}) == len(rows):
            assert found == pytest.approx(sum(apl * w for apl, w in first) / weight)
