"""Suivi des projets."""
