"""Tests of `pages/screens/slideshow`."""
