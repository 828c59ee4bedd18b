"""The funding sheet."""
