"""Tests of `coverage/access`."""
