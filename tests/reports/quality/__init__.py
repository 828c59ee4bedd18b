"""Tests of `reports/quality`."""
