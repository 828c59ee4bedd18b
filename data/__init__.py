"""Official sources and their proof: catalogue, readers, contracts, build and store."""
