"""Tests of `coverage/crossing`."""
