"""Tests of `pages/screens/projects`."""
