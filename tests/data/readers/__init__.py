"""Tests of `data/readers`."""
