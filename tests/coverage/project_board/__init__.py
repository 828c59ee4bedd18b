"""Tests of `coverage/project_board`."""
