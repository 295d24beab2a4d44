"""Bringing in what an office already has: people, villages, groups, committees (handbook 7.2)."""
