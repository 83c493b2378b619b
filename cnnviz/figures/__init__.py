"""Plotly figures and pictures for browsers, the same input always giving the same JSON."""
