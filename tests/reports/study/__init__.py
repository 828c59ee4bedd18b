"""Tests of `reports/study`."""
