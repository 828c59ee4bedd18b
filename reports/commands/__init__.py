"""The commands of `python -m reports`, one module each: `add_parser` describes it, `run` does it."""
