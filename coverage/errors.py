"""What can be wrong with a question about coverage: one class a fault, each also a built-in error, texts in French."""


class CoverageError(Exception):
    """Any fault that the subject can name: catch it to tell the user, its text is meant to be shown."""


class UnknownLevelError(CoverageError, ValueError):
    """A level is none of commune, epci, departement, region, france."""


class UnknownCommuneError(CoverageError, ValueError):
    """A table speaks of a commune that is not in the list of communes."""


class ClassificationError(CoverageError, ValueError):
    """Values cannot be put in classes as asked: unknown method, no class, bounds that do not increase."""
