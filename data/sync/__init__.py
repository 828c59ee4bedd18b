"""Official sources brought to the user's own data folder: downloaded, checked, versioned, and taken back."""
