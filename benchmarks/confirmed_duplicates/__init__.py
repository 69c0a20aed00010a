"""Can a ledger's own past credits teach which repeats are wrong? A weak label, scored as known month by month."""
