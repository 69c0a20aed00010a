"""The `fut` command: one module per sub-command, heavy imports inside the function that needs them."""
