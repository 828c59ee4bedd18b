"""The national FINESS in either of its formats, told by content: flat file until May 2026, daily feed since."""

import datetime as dt
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers.finess import FINESS_CODE, STRUCTURE_TYPE_OF_CATEGORY, site_addresses, site_names
from data.readers.finess_feed import GZIP_MARK, read_feed_cells
from data.readers.finess_flat import FIRST_CELL, read_flat_cells
from data.readers.site_points import find_points
from data.readers.source_table import COMMUNE_CODE

LARGEST_FAULTY_SHARE: Final = 0.01
"""Above this share of sites with an impossible code or date, the file is another one, not one with mistakes."""

_FIRST_DAY: Final = pd.Timestamp("1800-01-01")
_LAST_DAY: Final = pd.Timestamp("2100-01-01")


class NationalSites(NamedTuple):
    """What a national FINESS holds.

    Attributes
    ----------
    table
        In the columns of `data.readers.finess.read_finess`, each number once.
    as_of
        Day that the file describes.
    counts
        Sites in the file, repaired points, sites left out for an impossible code, unreadable dates, numbers repeated.
    """

    table: pd.DataFrame
    as_of: dt.date
    counts: dict[str, int]


def read_finess_national(path: Path) -> NationalSites:
    """Return the sites of MSP, CPTS, centres de santé, pharmacies and hospitals of all France, with their point.

    Sources: « FINESS - Structures » (Agence du numérique en santé), or the file `etalab-cs1100507` of the Ministry.
    A row is a site: being registered is not being labelled. A CPTS is its seat, not its perimeter.

    Parameters
    ----------
    path
        JSON of the feed, compressed or not, or the flat file in UTF-8 or ISO 8859-1: the content tells.

    Returns
    -------
    NationalSites
        Points in degrees (EPSG:4326), both NaN where none fits the territory of the commune; opened_on NaT where
        unknown.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, a web page, laid out otherwise, or more than `LARGEST_FAULTY_SHARE` of its sites
        are faulty.
    """
    read_cells = read_feed_cells if _is_feed(path) else read_flat_cells
    cells, pairs, as_of, n_sites = read_cells(path)
    if cells.empty:
        kept = ", ".join(STRUCTURE_TYPE_OF_CATEGORY)
        raise SourceLayoutError(path, expected=f"une des catégories {kept} quelque part", found="aucune")
    possible = cells["finess_code"].str.fullmatch(FINESS_CODE) & cells["code_insee"].str.fullmatch(COMMUNE_CODE)
    codes = cells["finess_code"] + " / " + cells["code_insee"]
    _require_few(path, ~possible, codes, "un numéro FINESS et un code INSEE")
    repeated = possible & cells["finess_code"].where(possible).duplicated()
    good = possible & ~repeated
    days = _days(cells["dateouv"])
    unread = (cells["dateouv"] != "") & days.isna()
    _require_few(path, unread, cells["dateouv"], "une date de la forme 2024-12-31")
    points = find_points(cells.loc[good, "code_insee"], [type(pair)(*(part[good] for part in pair)) for pair in pairs])
    cells = cells[good]
    table = pd.DataFrame(
        {
            "finess_code": cells["finess_code"],
            "structure_type": cells["categetab"].map(dict(STRUCTURE_TYPE_OF_CATEGORY)).astype("str"),
            "category_code": cells["categetab"],
            "name": site_names(cells).replace("", "(sans nom)"),
            "address": site_addresses(cells),
            "commune_code": cells["code_insee"],
            "longitude": points["longitude"],
            "latitude": points["latitude"],
            "opened_on": days[good],
        }
    ).sort_values("finess_code", kind="stable", ignore_index=True)
    counts = {
        "n_sites_in_file": n_sites,
        "n_points_repaired": int(points["is_repaired"].sum()),
        "n_impossible_codes": int((~possible).sum()),
        "n_unreadable_dates": int(unread.sum()),
        "n_repeated_numbers": int(repeated.sum()),
    }
    return NationalSites(table, as_of, counts)


def _is_feed(path: Path) -> bool:
    """Tell the feed from the flat file by its first bytes."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except FileNotFoundError as error:
        raise SourceMissing(path, remedy="Relancez la synchronisation.") from error
    except OSError as error:
        raise SourceUnreadable(path, expected="un fichier que l’on peut ouvrir", found=error.strerror) from error
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(GZIP_MARK) or start.startswith(b"{"):
        return True
    if start.startswith(b"<"):
        raise SourceUnreadable(path, expected="des données", found="une page HTML ou XML : le téléchargement a échoué")
    if not start:
        raise SourceUnreadable(path, expected="un fichier officiel", found="un fichier vide")
    if not start.startswith(FIRST_CELL.encode()):
        expected = "le flux « FINESS - Structures » (JSON) ou le fichier etalab-cs1100507 (« finess;etalab;… »)"
        raise SourceLayoutError(path, expected=expected, found=start[:60].decode("latin-1"))
    return False


def _days(texts: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Read days written 2024-12-31; NaT for anything else."""
    days = pd.to_datetime(texts.str[:10], format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    return days.where(days.between(_FIRST_DAY, _LAST_DAY))


def _require_few(path: Path, is_faulty: "pd.Series[bool]", texts: "pd.Series[str]", expected: str) -> None:
    """Refuse a file of which more than a few rows are faulty, telling the first one."""
    if is_faulty.mean() <= LARGEST_FAULTY_SHARE:
        return
    place = f"{'ligne' if is_faulty.index.name == 'line' else 'établissement'} {is_faulty.index[is_faulty][0]}"
    found = f"« {texts[is_faulty].iloc[0]} » (et {int(is_faulty.sum()) - 1} autres sur {len(is_faulty)})"
    raise SourceValueError(path, place=place, expected=expected, found=found)
