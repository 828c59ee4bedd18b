"""Perimeters of the CPTS: who is covered, how large, next to whom."""
