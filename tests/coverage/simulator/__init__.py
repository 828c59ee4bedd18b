"""Tests of `coverage/simulator`."""
