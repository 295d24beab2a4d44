"""Deadlines under blows: `make torture ROUNDS=20` (docs/operations/torture-and-bench.md)."""
