"""Detection quality and speed: each benchmark is one command that prints a table."""
