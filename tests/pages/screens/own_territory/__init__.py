"""Tests of `pages/screens/cpts`."""
