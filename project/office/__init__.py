"""An office's own housekeeping: its people, imports, calendar and settings (handbook 4.1)."""
