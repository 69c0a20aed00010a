"""One screen, one file: its addresses, what it shows and what its forms do."""
