"""test_coverage."""
