"""The lesson “Solver”."""
