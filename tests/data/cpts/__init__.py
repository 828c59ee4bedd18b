"""Tests of `data/cpts`."""
