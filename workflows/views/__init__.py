"""Pages on which work is found and done."""
