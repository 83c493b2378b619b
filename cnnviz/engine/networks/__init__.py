"""Networks: their graph, sizes, costs, receptive fields, and what mends them."""
