"""Tests of `geo/travel_time`."""
