"""The officers' application under load: 50,000 listed payments, ten officers at once, CPU and memory of the server."""
