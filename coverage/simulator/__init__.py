"""What-if scenarios, the supply they change, and where to open."""
