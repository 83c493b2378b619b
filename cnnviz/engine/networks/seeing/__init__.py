"""A network with weights and what it sees; one cell of one map, written out."""
