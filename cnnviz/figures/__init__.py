"""Pictures: a scene becomes a Plotly figure, the same input always giving the same JSON."""
