"""Tests of `data/funding`."""
