"""Tests of `reports/page`."""
