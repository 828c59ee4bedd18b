"""Espace de travail: own territories, projects, scenarios and saved views in one file, reopened elsewhere."""
