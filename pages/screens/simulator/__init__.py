"""Simulateur."""
