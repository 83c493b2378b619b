"""What there is to say: a trace becomes LaTeX, a sentence, alt text and code."""
