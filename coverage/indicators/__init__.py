"""The indicators: one module a family, their cards, their computation, classes and ranking."""
