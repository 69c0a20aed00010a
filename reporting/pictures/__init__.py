"""One module per picture; `reporting.svg` is what others import."""
