"""Tests of `pages/screens/sync`."""
