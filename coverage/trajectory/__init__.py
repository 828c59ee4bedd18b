"""How the structures grew, and what is claimed of them."""
