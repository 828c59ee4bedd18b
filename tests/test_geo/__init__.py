"""test_geo."""
