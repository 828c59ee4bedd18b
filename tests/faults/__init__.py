"""Proof by fault: kills at any moment and servers that fail in any way, with nothing lost: `make faults`."""
