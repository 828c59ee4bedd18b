"""The tables of the snapshot, made from what the readers give: one module a subject."""
