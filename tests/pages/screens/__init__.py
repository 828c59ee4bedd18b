"""Tests of `pages/screens`."""
