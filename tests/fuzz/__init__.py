"""Every reader of the project against thousands of damaged files: `make fuzz`, or python -m tests.fuzz --help."""
