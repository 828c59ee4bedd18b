"""Tests of `coverage/funding`."""
