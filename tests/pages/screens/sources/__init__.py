"""Tests of `pages/screens/trajectory`."""
