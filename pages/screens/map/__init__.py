"""Carte."""
