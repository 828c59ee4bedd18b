"""Sources et méthode."""
