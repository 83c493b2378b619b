"""What a link holds: fields, numbers, grids, choices, and how they are read and written."""
