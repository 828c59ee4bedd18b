"""Tests of `pages/screens/projection`."""
