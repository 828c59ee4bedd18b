"""The planner's own list of structures and projects: read from files, checked row by row, kept in versions."""
