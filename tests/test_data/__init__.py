"""test_data."""
