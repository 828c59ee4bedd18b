"""Tests of `pages/screens/study`."""
