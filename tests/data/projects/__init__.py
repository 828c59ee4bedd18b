"""Tests of `data/projects`."""
