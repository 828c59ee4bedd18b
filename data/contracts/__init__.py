"""What every table must be: columns, bounds, gates, published figures."""
