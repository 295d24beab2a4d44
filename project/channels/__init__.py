"""Ways in and out beside the pages: LINE, calendars, and links that act from a message."""
