"""What the tables are worth: unknown cells, coverage, what changed since the version before, checks passed or not."""
