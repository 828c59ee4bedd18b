"""The layout of several replicas."""
