"""How the embedded snapshot is made."""
