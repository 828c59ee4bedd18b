"""Tests of `coverage/indicators`."""
