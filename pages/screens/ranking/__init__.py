"""Classement."""
