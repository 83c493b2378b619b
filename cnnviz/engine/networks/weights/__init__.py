"""Weights: files read without running anything, fitted to networks, kept in memory once."""
