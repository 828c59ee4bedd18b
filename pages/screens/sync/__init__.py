"""Mise à jour."""
