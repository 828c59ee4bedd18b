"""Tests of `pages/screens/territory`."""
