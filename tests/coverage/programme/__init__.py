"""Tests of `coverage/programme`."""
