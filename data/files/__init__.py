"""Files as they come, before any format of ours: workbooks read apart, documents of ours that may be damaged."""
