"""Levels that the map can draw."""

from typing import Literal

Level = Literal["commune", "epci", "departement", "region"]
