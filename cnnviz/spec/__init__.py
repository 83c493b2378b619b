"""What is asked: frozen dataclasses, their bounds, their presets and their form in a URL."""
