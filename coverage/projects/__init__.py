"""The planner's own projects."""
