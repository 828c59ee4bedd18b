"""Présentation."""
