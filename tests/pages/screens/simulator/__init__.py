"""Tests of `pages/screens/simulator`."""
