"""Tests of `pages/screens/workspace`."""
