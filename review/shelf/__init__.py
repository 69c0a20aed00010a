"""A published run laid out for quick looking up: one SQLite file per run, made from its Parquet files, never changed."""
