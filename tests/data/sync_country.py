"""The national FINESS of the tiny country of tests/data/tiny_mirror.py, and how the tests sync it."""

from __future__ import annotations

import hashlib
from typing import Any

from data import store
from data.sources import registry
from data.sync.run import Outcome, sync
from geo.crs import legal_epsg, project
from tests.data.finess_files import feed_site, flat_file, flat_point, flat_site
from tests.data.tiny_mirror import corner_of

SOURCE = "finess_national"
REMOTE = registry.load_remotes()[SOURCE]
FEED, FLAT = (address.file.removeprefix("https://www.data.gouv.fr") for address in REMOTE.addresses)
ABOUT = REMOTE.addresses[0].about.removeprefix("https://www.data.gouv.fr")

PLACES = {"09": ("09", "122"), "75": ("75", "056"), "974": ("9D", "411"), "01": ("01", "001")}
"""A department of each of the four regions: how FINESS writes it, and its commune."""


def insee_code(departement: str) -> str:
    return departement[:2] + PLACES[departement][1]


def country(n: int = 10) -> list[dict[str, Any]]:
    """Give n sites in each region, well inside their communes."""
    sites = []
    for departement in PLACES:
        west, south = corner_of(departement)
        point = {"coordonneeX": f"{west + 0.05:.4f}", "coordonneeY": f"{south + 0.05:.4f}"}
        for number in range(2, 2 + n):
            place = {"cogCommune": insee_code(departement), "coordonneesGeographique": dict(point)}
            sites.append(feed_site(f"{departement[:2]}{number:07d}", address=place))
    return sites


def flat_country(n: int = 10) -> bytes:
    """Return the same sites as a flat file in ISO 8859-1."""
    rows = []
    for departement, (name, commune) in PLACES.items():
        west, south = corner_of(departement)
        projected = project([west + 0.05], [south + 0.05], [departement])
        x, y = f"{projected.x_m[0]:.1f}", f"{projected.y_m[0]:.1f}"
        named = f"1,ATLASANTE,96,BAN,EPSG:{legal_epsg(departement)} un nom"
        for number in range(2, 2 + n):
            code = f"{departement[:2]}{number:07d}"
            rows += [flat_site(code, departement=name, commune=commune), flat_point(code, x, y, named)]
    return flat_file(*sorted(rows, reverse=True), encoding="latin-1")


def about(contents: bytes, **changes: object) -> dict[str, object]:
    """Return what the portal says of a file."""
    checksum = {"type": "sha1", "value": hashlib.sha1(contents, usedforsecurity=False).hexdigest()}
    return {"dataset_id": "x", "resource": {"filesize": len(contents), "checksum": checksum} | changes}


def synced(**more: Any) -> Outcome:
    """Sync the one source, without waiting between attempts."""
    (outcome,) = sync((SOURCE,), complete=False, say=lambda _: None, wait=lambda _: None, **more)
    return outcome


def shown() -> list[str]:
    """Return the numbers of the structures that the app shows."""
    return list(store.load("structures")["finess_code"])
