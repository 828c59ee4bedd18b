"""Tests of `data/sync`."""
