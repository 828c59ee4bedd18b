"""The territorial study as documents."""
