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
