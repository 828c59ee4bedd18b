"""What the tables are held to, as a reader sees it."""
