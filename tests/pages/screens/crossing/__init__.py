"""Tests of `pages/screens/crossing`."""
