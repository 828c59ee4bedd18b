"""Trajectoire."""
