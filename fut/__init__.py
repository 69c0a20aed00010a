"""The kernel of futvakt: contracts, dialects, indicators, warehouse, settings. No domain rule lives here."""

__version__ = "0.1.0"
