"""Tests of `coverage/territories`."""
