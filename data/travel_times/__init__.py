"""Users' own travel times."""
