"""The one format of travel times on disk: an uncompressed .npz of four arrays and a header, sealed by its content hash.

Four bytes a pair: 43 MB for the 11 million pairs of France within 60 estimated minutes, 140 MB for 35 million pairs.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.travel_time.errors import TravelTimeFileError, TravelTimeValueError
from geo.travel_time.matrix import TravelTimes

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT: Final = "maillage-travel-times-1"
# What zipfile, zlib, numpy and json raise on damaged bytes, found by altering every byte of a small file.
_DAMAGE: Final = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    MemoryError,
    OverflowError,
    zipfile.BadZipFile,
    zlib.error,
)
_ARRAYS: Final = ("header", "place_codes", "pointers", "destinations", "tenths")


def save_travel_times(times: TravelTimes, path: Path) -> None:
    """Write a matrix to disk; the file appears whole or not at all, and two equal matrices give equal bytes.

    Parameters
    ----------
    times : the matrix.
    path : file to write, replaced if it exists; its folder is made if need be.
    """
    header = times.header() | {"format": FORMAT, "content_hash": times.content_hash}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                header=_as_bytes(json.dumps(header, sort_keys=True, ensure_ascii=False)),
                place_codes=_as_bytes("\n".join(times.place_codes)),
                pointers=times.pointers,
                destinations=times.destinations,
                tenths=times.tenths,
            )
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def load_travel_times(path: Path) -> TravelTimes:
    """Read a matrix from disk and check that it is what was written.

    Parameters
    ----------
    path : file written by `save_travel_times`.

    Returns
    -------
    The same matrix.

    Raises
    ------
    TravelTimeFileError
        The file is missing, truncated, altered, or of another format; the message says which.
    """
    try:
        # Opened here, not by numpy: when the file is damaged numpy would leave it open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in _ARRAYS}
        header: dict[str, Any] = json.loads(arrays["header"].tobytes())
        codes = arrays["place_codes"].tobytes().decode()
    except FileNotFoundError as error:
        raise TravelTimeFileError(f"{path.name} : attendu une matrice de temps, trouvé aucun fichier.") from error
    except KeyError as error:
        expected = ", ".join(_ARRAYS)
        raise TravelTimeFileError(f"{path.name} : attendu les tableaux {expected}, absent : {error}.") from error
    except _DAMAGE as error:
        raise TravelTimeFileError(
            f"{path.name} : attendu une matrice de temps lisible, trouvé un fichier tronqué ou altéré ({error})."
        ) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        found = header.get("format") if isinstance(header, dict) else header
        raise TravelTimeFileError(f"{path.name} : attendu le format {FORMAT}, trouvé {found!r}.")
    try:
        times = TravelTimes(
            place_codes=tuple(codes.split("\n")) if codes else (),
            pointers=arrays["pointers"],
            destinations=arrays["destinations"],
            tenths=arrays["tenths"],
            limit_min=header["limit_min"],
            provider=header["provider"],
            vintage=header["vintage"],
            parameters=header["parameters"],
        )
    except (KeyError, TravelTimeValueError) as error:
        raise TravelTimeFileError(f"{path.name} : contenu incohérent, {error}.") from error
    if times.content_hash != header.get("content_hash"):
        raise TravelTimeFileError(
            f"{path.name} : attendu l’empreinte {header.get('content_hash')}, trouvé {times.content_hash}."
        )
    return times


def cached_travel_times(folder: Path, inputs: bytes, compute: Callable[[], TravelTimes]) -> TravelTimes:
    """Return the matrix computed earlier from the same inputs, or compute it and keep it.

    Parameters
    ----------
    folder : where matrices are kept.
    inputs : everything that decides of the result (places, parameters), as bytes: their SHA-256 names the file.
    compute : called when no sound file is there; a damaged file is computed again and replaced.

    Returns
    -------
    The matrix.
    """
    path = folder / f"travel_times_{hashlib.sha256(FORMAT.encode() + inputs).hexdigest()[:24]}.npz"
    try:
        return load_travel_times(path)
    except TravelTimeFileError:
        times = compute()
        save_travel_times(times, path)
        return times


def _as_bytes(text: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Keep text as bytes: numpy's own text arrays take four bytes a character, its object arrays need pickle."""
    return np.frombuffer(text.encode(), dtype=np.uint8)
