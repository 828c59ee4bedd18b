"""Financement."""
