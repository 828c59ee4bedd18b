"""What can be wrong with travel times: one class per fault, each a built-in error and a `TravelTimeError`."""

from geo.errors import GeoError


class TravelTimeError(GeoError):
    """Any fault of a travel-time table, file or provider."""


class TravelTimeValueError(TravelTimeError, ValueError):
    """The arrays of a matrix contradict each other (lengths, order, range)."""


class TravelTimeFileError(TravelTimeError, OSError):
    """A saved matrix is missing, truncated, altered or of another format."""


class TravelTimeTableError(TravelTimeError, ValueError):
    """A table of travel times given by the user has a faulty column or line."""


class TravelTimeParameterError(TravelTimeError, ValueError):
    """A parameter of a provider is missing or out of its range."""


class RoadFileError(TravelTimeError, OSError):
    """A file of roads is missing, truncated, of another format, or holds no road for cars."""


class RouteServiceError(TravelTimeError, OSError):
    """A route service refused, or answered something else than a table of durations."""


class ProviderError(TravelTimeError, ValueError):
    """A provider of travel times is unknown, or lacks what it needs."""
