"""Qualité."""
