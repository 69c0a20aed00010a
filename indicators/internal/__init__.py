"""Red flags inside the municipality's own routines."""
