"""Croisement."""
