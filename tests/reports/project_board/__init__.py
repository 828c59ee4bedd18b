"""Tests of `reports/project_board`."""
