"""The subject: population, access to GPs and coordinated care, as pure functions on tables."""
