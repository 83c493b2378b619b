"""What there is to see: a trace becomes named grids, the links between their cells, and captions."""
