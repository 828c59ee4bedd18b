"""Mes projets."""
