"""Tests of `coverage/study`."""
