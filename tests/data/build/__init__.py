"""Tests of `data/build`."""
