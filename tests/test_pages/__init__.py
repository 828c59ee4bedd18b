"""test_pages."""
