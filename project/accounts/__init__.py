"""A person's own account: who they are here, their password, and the way back in without it."""
