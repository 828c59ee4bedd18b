"""Tests of `reports/map`."""
