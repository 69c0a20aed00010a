"""What officers can do: each act checks its rules, changes the state and writes the log, in one transaction."""
