"""Dated rules of public funding."""
