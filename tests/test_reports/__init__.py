"""test_reports."""
