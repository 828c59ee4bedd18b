"""The views kept for a presentation."""
