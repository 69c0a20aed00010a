"""The fut command: one file per sub-command, heavy imports inside the function that needs them."""
