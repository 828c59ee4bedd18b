"""Tests of `data/quality`."""
