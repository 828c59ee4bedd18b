"""Tests of `coverage/projects`."""
