"""Tests of `data/contracts`."""
