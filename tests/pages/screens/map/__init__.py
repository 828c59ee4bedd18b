"""Tests of `pages/screens/map`."""
