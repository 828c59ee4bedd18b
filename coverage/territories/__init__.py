"""The territories of France, and the ways of bringing communes up to them."""
