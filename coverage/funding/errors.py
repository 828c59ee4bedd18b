"""What can be wrong with a question about funding."""

from coverage.errors import CoverageError


class FundingInputError(CoverageError, ValueError):
    """A number of the team or of the territory that has no meaning: negative, unknown, or beyond any structure."""
