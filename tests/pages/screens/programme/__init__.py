"""Tests of `pages/screens/programme`."""
