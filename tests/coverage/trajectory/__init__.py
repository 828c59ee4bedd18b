"""Tests of `coverage/trajectory`."""
