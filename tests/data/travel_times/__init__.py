"""Tests of `data/travel_times`."""
