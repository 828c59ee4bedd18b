"""Tests of `coverage/cpts`."""
