"""Travel times between places as one typed sparse value: who computed it, with which parameters, of which vintage.

Minutes are kept as whole tenths in uint16: uint8 stops at 25.5 min, short of the 60 min that the widest catchments
ask for. The tenth is the *floor* of ten times the float64 minutes, not the nearest one: for every band edge that is
itself a whole tenth (5, 10, 15, 20, 30, 60 min), `minutes < edge` is then true of the stored value exactly when it was
true of the computed one. Rounding would push 9.96 min into the band that starts at 10.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

from geo.travel_time.errors import TravelTimeValueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

TENTHS_PER_MINUTE: Final = 10
MAX_LIMIT_MIN: Final = 6_553.0  # what uint16 tenths can hold
_UINT16_PLACES: Final = 2**16


def floor_to_tenths(minutes: npt.ArrayLike) -> npt.NDArray[np.uint16]:
    """Give whole tenths of a minute, rounded down so that no pair leaves its band (see the module's first lines).

    Parameters
    ----------
    minutes : float64 minutes, finite, in [0, 6 553].

    Returns
    -------
    uint16 tenths of a minute, `floor(10 × minutes)`.

    Raises
    ------
    TravelTimeValueError
        A value is negative, NaN or too long; or is float32, whose rounding has already moved pairs across band edges.

    Examples
    --------
    >>> floor_to_tenths([0.0, 9.96, 10.0]).tolist()
    [0, 99, 100]
    """
    values = np.asarray(minutes)
    if values.dtype in {np.dtype(np.float32), np.dtype(np.float16)}:
        raise TravelTimeValueError("durées : attendu des minutes en float64, trouvé " + str(values.dtype))
    values = values.astype(np.float64, copy=False)
    if values.size and not (values.min() >= 0 and values.max() <= MAX_LIMIT_MIN):  # NaN fails too
        bad = values[~((values >= 0) & (values <= MAX_LIMIT_MIN))][0]
        raise TravelTimeValueError(f"durées : attendu entre 0 et {MAX_LIMIT_MIN:.0f} min, trouvé {bad}")
    return (values * TENTHS_PER_MINUTE).astype(np.uint16)  # which drops the fraction


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Minutes by road from each place to the places around it, up to a limit, in compressed sparse rows.

    Row i (origin) holds `destinations[pointers[i]:pointers[i + 1]]`, increasing, with their `tenths`. A pair that is
    absent is farther than `limit_min` or unreachable; a pair stored with 0 is a real zero. Arrays are read-only once
    inside.

    Parameters
    ----------
    place_codes : text codes of the places (communes), unique; row and column order.
    pointers : int64, length n + 1.
    destinations : uint16 (up to 65 536 places) or int32 positions in `place_codes`.
    tenths : uint16 tenths of a minute, at most 10 × `limit_min`.
    limit_min : minutes beyond which pairs are not kept.
    provider : "estimation", "table", "osm", "osrm".
    vintage : date or year of the parameters or of the table, as text.
    parameters : what the provider was set to, JSON values.

    Raises
    ------
    TravelTimeValueError
        The arrays contradict each other.
    """

    place_codes: tuple[str, ...]
    pointers: npt.NDArray[np.int64]
    destinations: npt.NDArray[Any]
    tenths: npt.NDArray[np.uint16]
    limit_min: float
    provider: str
    vintage: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n_places, n_pairs = len(self.place_codes), len(self.destinations)
        if len(set(self.place_codes)) != n_places:
            raise TravelTimeValueError("matrice de temps : attendu des codes uniques, trouvé des doublons")
        if len(self.pointers) != n_places + 1 or self.pointers[0] != 0 or self.pointers[-1] != n_pairs:
            raise TravelTimeValueError(
                f"matrice de temps : attendu {n_places + 1} pointeurs de 0 à {n_pairs}, trouvé {len(self.pointers)}"
            )
        if bool(np.any(np.diff(self.pointers) < 0)):
            raise TravelTimeValueError("matrice de temps : attendu des pointeurs croissants, trouvé un recul")
        if len(self.tenths) != n_pairs:
            raise TravelTimeValueError(f"matrice de temps : attendu {n_pairs} durées, trouvé {len(self.tenths)}")
        if self.tenths.dtype != np.uint16 or self.pointers.dtype != np.int64:
            raise TravelTimeValueError("matrice de temps : attendu durées uint16 et pointeurs int64")
        if n_pairs:
            self._check_pairs(n_places)
        for array in (self.pointers, self.destinations, self.tenths):
            array.setflags(write=False)

    def _check_pairs(self, n_places: int) -> None:
        lowest, highest = int(self.destinations.min()), int(self.destinations.max())
        if lowest < 0 or highest >= n_places:
            raise TravelTimeValueError(f"matrice de temps : attendu des destinations < {n_places}, trouvé {highest}")
        if int(self.tenths.max()) > self.limit_min * TENTHS_PER_MINUTE:
            found = int(self.tenths.max()) / TENTHS_PER_MINUTE
            raise TravelTimeValueError(f"matrice de temps : attendu au plus {self.limit_min} min, trouvé {found}")
        rises = self.destinations[1:] > self.destinations[:-1]
        starts = self.pointers[1:-1]
        rises[starts[(starts > 0) & (starts < len(self.destinations))] - 1] = True
        if not bool(rises.all()):
            raise TravelTimeValueError("matrice de temps : attendu des destinations croissantes dans chaque ligne")

    @property
    def n_places(self) -> int:
        """Number of places."""
        return len(self.place_codes)

    @property
    def n_pairs(self) -> int:
        """Number of pairs within the limit."""
        return len(self.destinations)

    @cached_property
    def places(self) -> pd.Index:
        """The codes of the places as an index, made once: to look places up in a new one takes longer than to model."""
        return pd.Index(self.place_codes, name="commune_code")

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position of each place code in the rows and columns."""
        return {code: position for position, code in enumerate(self.place_codes)}

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything the matrix says, in hexadecimal: two equal matrices have the same."""
        digest = hashlib.sha256(json.dumps(self.header(), sort_keys=True, ensure_ascii=False).encode())
        digest.update("\n".join(self.place_codes).encode())
        for array in (self.pointers, self.destinations, self.tenths):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def header(self) -> dict[str, Any]:
        """Say in JSON values what the arrays do not: provider, vintage, limit, parameters."""
        return {
            "provider": self.provider,
            "vintage": self.vintage,
            "limit_min": float(self.limit_min),
            "parameters": dict(self.parameters),
        }

    def minutes_from(self, place_code: str) -> dict[str, float]:
        """Return the minutes from one place to each place within the limit, by code.

        Raises
        ------
        KeyError
            The code is not one of the places.
        """
        row = self.positions[place_code]
        span = slice(int(self.pointers[row]), int(self.pointers[row + 1]))
        return {
            self.place_codes[int(j)]: int(t) / TENTHS_PER_MINUTE
            for j, t in zip(self.destinations[span], self.tenths[span], strict=True)
        }

    def within(self, limit_min: float) -> TravelTimes:
        """Return the same matrix cut to a shorter limit, in minutes (the limit itself is kept).

        Raises
        ------
        TravelTimeValueError
            The limit is longer than this matrix's own: the missing pairs are unknown, not far.
        """
        if limit_min > self.limit_min:
            raise TravelTimeValueError(f"limite : attendu au plus {self.limit_min} min, trouvé {limit_min}")
        if limit_min == self.limit_min:
            return self
        # By positions: a mask over the pairs takes three times as long.
        kept = np.flatnonzero(self.tenths <= np.floor(limit_min * TENTHS_PER_MINUTE))
        return TravelTimes(
            place_codes=self.place_codes,
            pointers=np.searchsorted(kept, self.pointers),
            destinations=self.destinations[kept],
            tenths=self.tenths[kept],
            limit_min=limit_min,
            provider=self.provider,
            vintage=self.vintage,
            parameters=self.parameters,
        )

    def with_data(self, data: npt.NDArray[Any]) -> scipy.sparse.csr_array:
        """Give origins × destinations with `data` (one value a pair, in the order of `tenths`) as a scipy matrix."""
        shape = (self.n_places, self.n_places)
        indices = self.destinations.astype(np.int32)
        pointers = self.pointers.astype(np.int32) if self.n_pairs < 2**31 else self.pointers
        return scipy.sparse.csr_array((data, indices, pointers), shape=shape)


def travel_times_from_pairs(
    place_codes: Sequence[str],
    origins: npt.NDArray[np.int64],
    destinations: npt.NDArray[np.int64],
    minutes: npt.NDArray[np.float64],
    *,
    limit_min: float,
    provider: str,
    vintage: str,
    parameters: Mapping[str, Any] | None = None,
) -> TravelTimes:
    """Build a matrix from unordered pairs; pairs beyond the limit are dropped.

    Parameters
    ----------
    place_codes : codes of the places, in the order of the rows.
    origins, destinations : positions in `place_codes`, one a pair.
    minutes : float64 minutes of each pair.
    limit_min : minutes, pairs beyond are dropped (a pair exactly at the limit is kept).
    provider, vintage, parameters : see `TravelTimes`.

    Raises
    ------
    TravelTimeValueError
        The same pair comes twice, or a value is out of range.
    """
    near = np.asarray(minutes) <= limit_min
    rows, columns = np.asarray(origins)[near], np.asarray(destinations)[near]
    order = np.lexsort((columns, rows))
    rows, columns = rows[order], columns[order]
    twice = (rows[1:] == rows[:-1]) & (columns[1:] == columns[:-1])
    if bool(twice.any()):
        at = int(np.argmax(twice))
        pair = f"{place_codes[int(rows[at])]} → {place_codes[int(columns[at])]}"
        raise TravelTimeValueError(f"paires : attendu chaque paire une fois, trouvé deux fois {pair}")
    return TravelTimes(
        place_codes=tuple(place_codes),
        pointers=np.searchsorted(rows, np.arange(len(place_codes) + 1)).astype(np.int64),
        destinations=columns.astype(destination_dtype(len(place_codes))),
        tenths=floor_to_tenths(np.asarray(minutes)[near])[order],
        limit_min=limit_min,
        provider=provider,
        vintage=vintage,
        parameters=parameters or {},
    )


def destination_dtype(n_places: int) -> type[np.uint16 | np.int32]:
    """Return the smallest integer that can name every place: two bytes a pair for the communes of France, not four."""
    return np.uint16 if n_places <= _UINT16_PLACES else np.int32
