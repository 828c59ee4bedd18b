"""A printed map."""
