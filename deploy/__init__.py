"""How Maillage is served to many: one nginx, several replicas, PostgreSQL; with containers or without."""
