"""The means of a printed page: paper, Word, pictures, logo."""
