"""How fast, and beside what: `make bench` (docs/operations/torture-and-bench.md)."""
