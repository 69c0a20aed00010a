"""Dagster and nothing else: which asset runs when. No arithmetic lives here."""
