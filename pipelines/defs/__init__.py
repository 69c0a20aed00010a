"""What Dagster shows: thin assets over `pipelines.steps`, generated from contracts and indicators."""
