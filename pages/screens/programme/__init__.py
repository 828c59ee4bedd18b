"""Indicateurs de suivi."""
