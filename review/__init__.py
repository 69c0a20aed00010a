"""The officers' web application: reads published snapshots, owns the decisions database. Swedish, works without script."""
