"""What can go wrong with places: one class a fault, each also a built-in error, its message a French sentence."""


class GeoError(Exception):
    """Any fault of places that has a name: catch it to tell the user, its text is meant to be shown."""


class InvalidCodeError(GeoError, ValueError):
    """A text is not the INSEE code that it should be."""


class CoordinateError(GeoError, ValueError):
    """A longitude or a latitude is outside the globe, or the columns that should hold them are absent."""


class BoundaryError(GeoError, ValueError):
    """The raw communes or the table of corrections cannot give a set of boundaries."""


class EncodingError(GeoError, ValueError):
    """Geometries do not fit the binary format of the browser, or bytes are not in that format."""


class AssetError(GeoError, FileNotFoundError):
    """A file that the static folder is made from is absent or does not read."""
