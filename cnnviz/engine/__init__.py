"""A library: numbers in, numbers out. It knows no page, no link and no browser."""
