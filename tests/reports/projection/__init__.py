"""Tests of `reports/projection`."""
