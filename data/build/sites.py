"""Structures of the whole country: sites of 2026 by name, with the place that each had in January 2021."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from coverage.terms.site_dates import SITES_2021_ON, TYPES_2021
from data.build.supply import STRUCTURE_COLUMNS, Structures, place_sites
from data.projects.places import PlaceError, Places
from geo.crs import WGS84_EPSG

OCCITANIE_ON: Final = dt.date(2026, 4, 1)
ELSEWHERE_ON: Final = dt.date(2026, 5, 12)


def make_structures_2021(
    sites: pd.DataFrame, places: Places, *, communes: pd.DataFrame, history: pd.DataFrame, shapes: gpd.GeoDataFrame
) -> Structures:
    """Make the table `structures_2021`: MSP, CPTS (seats) and centres de santé of the country on 8 January 2021.

    The file has no INSEE code. The commune is the one that the town and the postcode name; where they name none (a
    former name, a CEDEX of an old town, a homonym in another department), it is the one that the point lies in.

    Parameters
    ----------
    sites
        What `read_finess_fhir` gives.
    places
        Names and postcodes of the communes.
    communes, history, shapes
        Tables of the snapshot.

    Returns
    -------
    Structures
        In the columns of `structures`, without those that only dates of several files need.
    """
    kept = sites[sites["structure_type"].isin(TYPES_2021)].reset_index(drop=True)
    by_point = _commune_of_points(kept, shapes)
    by_address = kept.apply(lambda site: _named(places, site["town"], site["postcode"]), axis="columns")
    homes = by_address.where(by_address.notna(), by_point)
    lost = homes.isna()
    counts: dict[str, Any] = {
        "n_point_and_address_agree": int((by_point == by_address).sum()),
        "n_address_over_point": int((by_address.notna() & by_point.notna() & (by_point != by_address)).sum()),
        "n_by_point_alone": int((by_address.isna() & by_point.notna()).sum()),
        "n_without_commune": int(lost.sum()),
    }
    placed = place_sites(kept.assign(commune_code=homes)[~lost], communes=communes, history=history, shapes=shapes)
    return Structures(placed.table, placed.not_carried, placed.counts | counts)


def make_structures(
    occitanie: Structures, elsewhere: pd.DataFrame, of_2021: pd.DataFrame, carry: Mapping[str, Any]
) -> Structures:
    """Make the table `structures`: every type in Occitanie (April 2026), MSP everywhere else (12 May 2026).

    A site that existed in January 2021 has the address, point and opening day of then; any other has the point of its
    commune, and says so. Sites whose category is doubtful are left out, and counted.

    Parameters
    ----------
    occitanie
        Structures of the regional extraction.
    elsewhere
        What `read_msp_list` gives.
    of_2021
        The table `structures_2021`.
    carry
        communes, history and shapes, as `place_sites` takes them.

    Returns
    -------
    Structures
        One row a site, sorted by finess_code; category_basis "finess", "finess_2021" or "nom"; as_of, the day of its
        file; place_as_of, the day of its address and point (NaT where it is placed at its commune).
    """
    sure = elsewhere[elsewhere["category_basis"] != "douteux"].reset_index(drop=True)
    known = of_2021.set_index("finess_code").reindex(sure["finess_code"]).set_axis(sure.index)
    # The commune of 2026 wins: a point of 2021 in another commune is that of a site that has moved since.
    stayed = known["commune_code"].notna() & (known["point_flag"] != "commune")
    sites = sure.assign(
        structure_type="msp",
        address=known["address"].where(stayed, "").astype("str"),
        longitude=known["longitude"].where(stayed),
        latitude=known["latitude"].where(stayed),
        opened_on=known["opened_on"],
    )
    placed = place_sites(sites, **carry)
    table = placed.table
    far = table["point_flag"] == "loin_commune"
    here = (
        table["commune_code"].map(carry["communes"].set_index("commune_code")["longitude"]),
        table["commune_code"].map(carry["communes"].set_index("commune_code")["latitude"]),
    )
    table = table.assign(
        longitude=table["longitude"].mask(far, here[0]),
        latitude=table["latitude"].mask(far, here[1]),
        address=table["address"].mask(far, "").astype("str"),
        point_flag=table["point_flag"].mask(far, "commune"),
        category_basis=table["finess_code"].map(sure.set_index("finess_code")["category_basis"]).astype("str"),
        as_of=pd.Timestamp(ELSEWHERE_ON).as_unit("us"),
    )
    table["place_as_of"] = pd.Series(pd.Timestamp(SITES_2021_ON), index=table.index).where(table["point_flag"] == "ok")
    local = occitanie.table.assign(category_basis="finess", as_of=pd.Timestamp(OCCITANIE_ON))
    local["place_as_of"] = local["as_of"].where(local["point_flag"] != "commune")
    both = pd.concat([local, table], ignore_index=True)
    days = ["as_of", "place_as_of"]
    both = both.astype(dict.fromkeys(days, "datetime64[us]") | {"category_basis": "str"})
    both = both[[*STRUCTURE_COLUMNS, "category_basis", *days]].sort_values("finess_code", ignore_index=True)
    counts = {
        **occitanie.counts,
        "n_doubtful_left_out": int((elsewhere["category_basis"] == "douteux").sum()),
        "n_category_from_name": int((both["category_basis"] == "nom").sum()),
        "n_moved_since_2021": int(far.sum()),
        "n_at_their_commune": int((table["point_flag"] == "commune").sum()),
    }
    left = pd.concat([occitanie.not_carried, placed.not_carried], ignore_index=True)
    return Structures(both, left.sort_values("code", ignore_index=True), counts)


def _commune_of_points(sites: pd.DataFrame, shapes: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Return the commune that each point lies in; NA for none."""
    known = sites[sites["longitude"].notna()]
    points = gpd.GeoDataFrame(
        index=known.index, geometry=gpd.points_from_xy(known["longitude"], known["latitude"]), crs=WGS84_EPSG
    )
    inside = gpd.sjoin(points, shapes[["commune_code", "geometry"]], predicate="within")
    return inside[~inside.index.duplicated()]["commune_code"].reindex(sites.index)


def _named(places: Places, town: str, postcode: str) -> str | None:
    """Return the commune that an address names; None where none, or one of another department than the postcode's."""
    try:
        code = places.find_commune(name=town, postcode=postcode).commune_code
    except PlaceError:
        return None
    n = 3 if code.startswith("97") else 2
    # A town that has lost its name may have a homonym of today elsewhere: « Évry Cedex » is not Évry in the Yonne.
    return code if code[:n] == postcode[:n].replace("20", code[:2]) else None
