"""Trainings beside the server: experiments, the pool that runs them, and its workers."""
