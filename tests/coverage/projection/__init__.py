"""Tests of `coverage/projection`."""
