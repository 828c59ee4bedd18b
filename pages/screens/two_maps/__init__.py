"""Deux cartes."""
