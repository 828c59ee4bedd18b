"""The board of projects and its yearly report."""
