"""Étude territoriale."""
