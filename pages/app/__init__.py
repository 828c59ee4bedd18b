"""What any run of the app needs: frame, notices, address, view, owner, tables and figures of the data version."""
