"""The projection in words and figures."""
