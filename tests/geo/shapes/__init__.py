"""Tests of `geo/shapes`."""
