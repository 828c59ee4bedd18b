"""Lists of CPTS given by users."""
