"""CPTS."""
