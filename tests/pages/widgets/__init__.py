"""Tests of `pages/widgets`."""
