"""Tests of `data/files`."""
