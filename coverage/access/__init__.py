"""Travel-time decay, floating catchments, and the APL as a model."""
