"""Tests of `reports/chart`."""
