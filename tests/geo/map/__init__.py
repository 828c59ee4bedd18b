"""Tests of `geo/map`."""
