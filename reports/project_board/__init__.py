"""The yearly report of a programme."""
