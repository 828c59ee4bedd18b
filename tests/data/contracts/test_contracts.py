"""The contracts: kept by the toy country and by the real snapshot, and each promise seen when it is broken."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon

from data import store
from data.contracts.check import check
from data.contracts.schemas import CONTRACTS
from data.errors import ContractError
from tests.toy import toy_country

BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def toy_table(name) -> pd.DataFrame:
    return getattr(toy_country(), name).copy()


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_toy_country_keeps_every_contract(name):
    country = toy_country()
    table = getattr(country, name)
    before = table.copy()
    assert check(name, table, communes=country.communes, complete=False) is table
    pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(before))


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_real_snapshot_keeps_every_contract(name):
    folder = store.DEFAULT_FOLDER
    is_shapes = name == "commune_geometry"
    table = gpd.read_parquet(store.snapshot_path(name, folder)) if is_shapes else store.load(name, folder)
    check(name, table, communes=store.load("communes", folder))


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_number_has_a_unit(name):
    for column, promise in CONTRACTS[name].columns.items():
        if str(promise.dtype) in {"float64", "int64"}:
            assert promise.metadata["unit"], column


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_repeated_key_is_named(name):
    table = toy_table(name)
    doubled = pd.concat([table, table.tail(1)], ignore_index=True)
    with pytest.raises(ContractError, match="chaque clé une fois"):
        check(name, doubled, complete=False)


@pytest.mark.parametrize("name", CONTRACTS)
def test_rows_in_disorder_are_seen(name):
    with pytest.raises(ContractError, match="des lignes triées"):
        check(name, toy_table(name).iloc[::-1].reset_index(drop=True), complete=False)


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_renamed_a_lost_or_an_added_column_is_seen(name):
    table = toy_table(name)
    first = table.columns[0]
    for wrong in (table.rename(columns={first: "x"}), table.drop(columns=first), table.assign(x=1)):
        with pytest.raises(ContractError, match="colonnes"):
            check(name, wrong, complete=False)


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_toy_is_too_small_for_france(name):
    with pytest.raises(ContractError, match="nombre de lignes"):
        check(name, toy_table(name))


@pytest.mark.parametrize("name", [name for name, contract in CONTRACTS.items() if contract.communes])
def test_a_commune_that_does_not_exist_is_named(name):
    country = toy_country()
    table = getattr(country, name)
    used = table[CONTRACTS[name].communes[0]].iloc[0]
    communes = country.communes[country.communes["commune_code"] != used]
    with pytest.raises(ContractError, match=used):
        check(name, table, communes=communes, complete=False)


@pytest.mark.parametrize("name", [name for name, contract in CONTRACTS.items() if contract.departements])
def test_a_departement_that_does_not_exist_is_named(name):
    country = toy_country()
    communes = country.communes.assign(departement_code="32")
    with pytest.raises(ContractError, match=r"31|69"):
        check(name, getattr(country, name), communes=communes, complete=False)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("communes", "commune_code", "1001"),
        ("communes", "commune_code", "97502"),  # out of scope
        ("communes", "population", -1.0),
        ("communes", "population", 1.5),
        ("communes", "population", float("nan")),  # never unknown
        ("communes", "longitude", 120.0),
        ("communes", "point_origin", "hasard"),
        ("communes", "postcodes", "31000,31100"),
        ("communes", "area_km2", 0.0),
        ("communes", "name", None),
        ("epci", "epci_type", "SAN"),
        ("apl", "apl", -0.1),
        ("apl", "apl", 1e6),
        ("apl_parameters", "parameter", "weight"),
        ("structures", "point_flag", "bon"),
        ("structures", "structure_type", "clinique"),
        ("structures", "opened_on", pd.Timestamp("1700-01-01")),
        ("structures", "finess_code", "31"),
        ("msp_series", "n_structures", 2.5),
        ("professionals", "n_professionals", -1.0),
        ("commune_context", "share_75plus", 12.0),  # a percentage where a share is promised
        ("commune_context", "bassin_de_vie_poverty_rate", -0.1),
        ("zoning", "zone", "1_ZIP"),
        ("commune_history", "relation", "voisine"),
    ],
)
def test_a_wrong_value_is_named(name, column, value):
    table = toy_table(name)
    table.loc[0, column] = value
    with pytest.raises(ContractError) as caught:
        check(name, table, complete=False)
    message = str(caught.value)
    assert name in message
    assert f"« {column} »" in message
    assert "Attendu" in message
    assert "ligne 0" in message


@pytest.mark.parametrize(
    ("name", "column", "dtype"),
    [("communes", "population", "float32"), ("communes", "name", "object"), ("apl", "vintage", "float64")],
)
def test_a_wrong_type_is_named(name, column, dtype):
    with pytest.raises(ContractError, match=f"« {column} ».*le type"):
        check(name, toy_table(name).astype({column: dtype}), complete=False)


def test_the_index_is_a_range():
    table = toy_table("regions")
    with pytest.raises(ContractError, match="index"):
        check("regions", table.set_axis([10 * number for number in range(len(table))]), complete=False)


@pytest.mark.parametrize("shape", [BOW_TIE, Polygon(), Point(0, 0), None], ids=["crossed", "empty", "point", "none"])
def test_a_shape_that_is_no_valid_polygon_is_named(shape):
    table = toy_table("commune_geometry")
    table.loc[0, "geometry"] = shape
    with pytest.raises(ContractError, match=r"31001|ligne 0"):
        check("commune_geometry", table, complete=False)


def test_shapes_are_in_degrees():
    with pytest.raises(ContractError, match="EPSG:4326"):
        check("commune_geometry", toy_table("commune_geometry").to_crs(3857), complete=False)


def test_an_unknown_table():
    with pytest.raises(ContractError, match="communes"):
        check("towns", toy_table("communes"))
