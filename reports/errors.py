"""What can go wrong when something leaves the app: one class a fault, its message a French sentence for the user."""


class ReportError(Exception):
    """Any fault of a report: catch it to tell the user, its text is meant to be shown."""


class FormatError(ReportError, ValueError):
    """A file format, a paper or a resolution that does not exist."""


class OutputError(ReportError, OSError):
    """The folder cannot be written, or the disk is full."""

    def __str__(self) -> str:
        """Return the sentence alone, without an errno."""
        return str(self.args[0])


class LogoError(ReportError, ValueError):
    """The logo asked for is absent or is no picture."""


class ChartError(ReportError, ValueError):
    """The chart holds nothing, or something that paper cannot draw."""


class EmptyTerritoryError(ReportError, ValueError):
    """The territory has no shape or no commune to draw."""
