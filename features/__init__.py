"""Columns for models: one module per grain, one public function per column, each with a unit."""
