"""Who computes travel times: four providers behind one protocol, and how the user's choice becomes one of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from geo.travel_time.errors import ProviderError
from geo.travel_time.estimate import EstimateParameters, estimate_travel_times, read_estimate_parameters
from geo.travel_time.osrm import Fetch, OsrmSettings, osrm_travel_times
from geo.travel_time.roads.minutes import road_travel_times
from geo.travel_time.roads.speeds import RoadSettings, read_road_settings
from geo.travel_time.table import read_travel_time_table
from geo.workers import ALONE, Workers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo.travel_time.chunks import Progress
    from geo.travel_time.matrix import TravelTimes

PROVIDER_LABELS: Final = {
    "estimation": "estimation",
    "table": "table fournie",
    "osm": "routes OSM",
    "osrm": "OSRM",
}
"""What the screen calls each provider, by the name that a matrix carries."""
LIMIT_MIN: Final = 60.0


def _quiet(_share: float, _sentence: str) -> None:
    return


class Provider(Protocol):
    """Gives the minutes by road between places, and says how."""

    @property
    def name(self) -> str:
        """One of `PROVIDER_LABELS`."""

    @property
    def vintage(self) -> str:
        """Date of the assumptions or of the data, as text; the matrix may know better once computed."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What it is set to, as JSON values."""

    def travel_times(self, places: pd.DataFrame, progress: Progress = _quiet) -> TravelTimes:
        """Compute the minutes between places (a table as the snapshot's communes), in their order.

        `progress` is called with the share done (0 to 1) and a French sentence, and may raise to stop.
        """


def provider_label(name: str) -> str:
    """Return the French name of a provider, also from the `provider` of a matrix.

    Raises
    ------
    ProviderError
        No provider has this name.
    """
    if name not in PROVIDER_LABELS:
        known = ", ".join(PROVIDER_LABELS)
        raise ProviderError(f"Temps de trajet : attendu un fournisseur parmi {known}, trouvé {name!r}.")
    return PROVIDER_LABELS[name]


@dataclass(frozen=True)
class EstimateProvider:
    """Crow-fly × detour / speed, by density and relief: no file needed, to be shown as an estimate."""

    settings: EstimateParameters = field(default_factory=read_estimate_parameters)
    name: str = field(default="estimation", init=False)

    @property
    def vintage(self) -> str:
        """Edition of the assumptions."""
        return self.settings.edition

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The assumptions."""
        return asdict(self.settings)

    def travel_times(self, places: pd.DataFrame, progress: Progress = _quiet) -> TravelTimes:
        """Estimate; see `geo.travel_time.estimate`."""
        progress(0.0, "Estimation des temps de trajet.")
        times = estimate_travel_times(places, self.settings)
        progress(1.0, "Temps de trajet estimés.")
        return times


@dataclass(frozen=True)
class TableProvider:
    """A table of origin, destination and minutes that the user gives."""

    path: Path
    vintage: str
    symmetric: bool = False
    limit_min: float = LIMIT_MIN
    now: Mapping[str, str] = field(default_factory=dict)
    name: str = field(default="table", init=False)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """File, whether it names each pair once, limit."""
        return {"file": self.path.name, "symmetric": self.symmetric, "limit_min": self.limit_min}

    def travel_times(self, places: pd.DataFrame, progress: Progress = _quiet) -> TravelTimes:
        """Read the table; see `geo.travel_time.table`."""
        progress(0.0, f"Lecture de {self.path.name}.")
        times = read_travel_time_table(
            self.path,
            list(places["commune_code"]),
            limit_min=self.limit_min,
            vintage=self.vintage,
            symmetric=self.symmetric,
            now=self.now,
        )
        progress(1.0, str(times.parameters["summary"]))
        return times


@dataclass(frozen=True)
class RoadProvider:
    """The roads of an OpenStreetMap file that the user gives; `folder` keeps what is done, so that it can go on."""

    path: Path
    settings: RoadSettings = field(default_factory=read_road_settings)
    limit_min: float = LIMIT_MIN
    folder: Path | None = None
    workers: Workers = ALONE
    name: str = field(default="osm", init=False)

    @property
    def vintage(self) -> str:
        """Edition of the speeds; the matrix carries the date of the roads."""
        return self.settings.edition

    @property
    def parameters(self) -> Mapping[str, Any]:
        """File, speeds and limit."""
        return self.settings.as_json() | {"file": self.path.name, "limit_min": self.limit_min}

    def travel_times(self, places: pd.DataFrame, progress: Progress = _quiet) -> TravelTimes:
        """Compute on the roads; see `geo.travel_time.roads.minutes`."""
        return road_travel_times(
            self.path,
            places,
            self.settings,
            limit_min=self.limit_min,
            folder=self.folder,
            progress=progress,
            workers=self.workers,
        )


@dataclass(frozen=True)
class OsrmProvider:
    """An OSRM server; `fetch` is the door to the network, which geo does not open itself."""

    settings: OsrmSettings
    fetch: Fetch
    vintage: str
    limit_min: float = LIMIT_MIN
    folder: Path | None = None
    name: str = field(default="osrm", init=False)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """How the server is asked, and limit."""
        return {**vars(self.settings), "limit_min": self.limit_min}

    def travel_times(self, places: pd.DataFrame, progress: Progress = _quiet) -> TravelTimes:
        """Ask the server; see `geo.travel_time.osrm`."""
        return osrm_travel_times(
            places,
            self.fetch,
            self.settings,
            vintage=self.vintage,
            limit_min=self.limit_min,
            folder=self.folder,
            progress=progress,
        )


def choose_provider(
    name: str,
    *,
    path: Path | None = None,
    url: str = "",
    fetch: Fetch | None = None,
    vintage: str = "date inconnue",
    symmetric: bool = False,
    limit_min: float = LIMIT_MIN,
    folder: Path | None = None,
    workers: Workers = ALONE,
) -> Provider:
    """Turn what the user chose into a provider.

    Parameters
    ----------
    name : one of `PROVIDER_LABELS`.
    path : file of the table or of the roads.
    url, fetch : address of the OSRM server, and the door to the network.
    vintage : what the user says of the date of the table or of the server's data.
    symmetric : the table names each pair once.
    limit_min : minutes beyond which pairs are not kept.
    folder : where long computations keep what is done.
    workers : who computes on the roads.

    Raises
    ------
    ProviderError
        The name is unknown, or the file, the address or the door is missing.
    RouteServiceError
        The address is not http or https.
    """
    label = provider_label(name)
    if name == "estimation":
        parameters = read_estimate_parameters()
        return EstimateProvider(EstimateParameters(**{**vars(parameters), "limit_min": limit_min}))
    if name == "osrm":
        if not url or fetch is None:
            raise ProviderError(f"{label} : attendu l’adresse du serveur, trouvé aucune.")
        return OsrmProvider(OsrmSettings(url), fetch, vintage, limit_min, folder)
    if path is None:
        raise ProviderError(f"{label} : attendu un fichier, trouvé aucun.")
    if name == "table":
        return TableProvider(path, vintage, symmetric, limit_min)
    return RoadProvider(path, limit_min=limit_min, folder=folder, workers=workers)
