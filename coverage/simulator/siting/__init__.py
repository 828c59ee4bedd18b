"""Where to open next: requests, instant proposals with a bound on what they miss, exact proofs."""
