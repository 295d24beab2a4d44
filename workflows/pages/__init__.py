"""What the pages of a case show, gathered for their templates."""
