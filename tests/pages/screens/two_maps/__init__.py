"""Tests of `pages/screens/two_maps`."""
