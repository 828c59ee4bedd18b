"""Vocabulary that every floor may import; it imports nothing of ours."""
