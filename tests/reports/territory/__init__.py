"""Tests of `reports/territory`."""
