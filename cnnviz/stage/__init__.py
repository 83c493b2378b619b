"""What a stage draws: scenes, packs, the controls that move them, and what can be typed."""
