"""Red flags in the supplier register."""
