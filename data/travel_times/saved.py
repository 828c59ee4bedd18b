"""The user's own travel times, kept in the data folder and used instead of the estimate.

Reading only, without the door to the network: the screens stand on this module.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from data.errors import DataError
from data.sync import versions
from geo.travel_time.errors import TravelTimeError
from geo.travel_time.matrix import TravelTimes
from geo.travel_time.provider import provider_label
from geo.travel_time.storage import load_travel_times

LIMIT_MIN: Final = 30.0
"""Minutes that the app needs: 20 for the APL, 30 for the siting; 60 would cost four times the memory."""
_REMEDY: Final = (
    "L’estimation est utilisée à la place. Refaites le calcul avec « python -m data times », ou revenez à "
    "l’estimation pour de bon avec « python -m data times --forget »."
)


class OwnTimesUnusable(DataError, ValueError):
    """The user's travel times are damaged, too short, or of other communes than the app's."""

    problem = "Vos temps de trajet ne peuvent pas être utilisés"


def own_times_path(folder: Path | None = None) -> Path:
    """Return the file of the user's travel times, which may not exist; `folder` as in `versions.data_folder`."""
    return versions.data_folder(folder) / versions.TRAVEL_TIMES


def load_own_times(place_codes: Sequence[str], folder: Path | None = None) -> TravelTimes | None:
    """Read the user's travel times.

    Parameters
    ----------
    place_codes
        Codes of the communes that the app works on, in its order.
    folder
        User's data folder.

    Returns
    -------
    TravelTimes or None
        Minutes between these communes, up to 30 at least; None when the user has none.

    Raises
    ------
    OwnTimesUnusable
        The file is damaged, stops before 30 minutes, or is about other communes; says in French what is used instead.
    """
    path = own_times_path(folder)
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise OwnTimesUnusable(path, expected="un fichier lisible", found=error.strerror, remedy=_REMEDY) from error
    try:
        times = load_travel_times(path)
        provider_label(times.provider)
    except TravelTimeError as error:
        raise OwnTimesUnusable(path, found=error, remedy=_REMEDY) from error
    if not times.limit_min >= LIMIT_MIN:
        expected, found = f"{LIMIT_MIN:g} min au moins", f"{times.limit_min:g} min"
        raise OwnTimesUnusable(path, expected=expected, found=found, remedy=_REMEDY)
    if times.place_codes != tuple(place_codes):
        n_absent = len(set(place_codes) - set(times.place_codes))
        raise OwnTimesUnusable(
            path,
            expected=f"les {len(place_codes)} communes des données en place, dans leur ordre",
            found=f"{times.n_places} communes, dont manquent {n_absent}",
            remedy=_REMEDY,
        )
    return times


def n_isolated(times: TravelTimes) -> int:
    """Count the communes from which no other is reached: off the network, or not named by the table."""
    return int((np.diff(times.pointers) <= 1).sum())
