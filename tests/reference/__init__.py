"""Measures of the literature and of the DREES that no screen uses: what the engine is held against."""
