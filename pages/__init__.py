"""French screens: each reads the state, asks coverage and geo, and draws."""
