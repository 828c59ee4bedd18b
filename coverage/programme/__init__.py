"""What a programme of MSP is followed by."""
