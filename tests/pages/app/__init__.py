"""Tests of `pages/app`."""
