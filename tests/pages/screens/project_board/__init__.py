"""Tests of `pages/screens/project_board`."""
