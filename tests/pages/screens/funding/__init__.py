"""Tests of `pages/screens/funding`."""
