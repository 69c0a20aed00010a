"""How many wrong payments of simulated municipalities reach the top of the list, beside random, amount and robust z.

A payment is wrong when the truth's error on it, all causes together, is at least 500 kronor either way. Seeds for
development and for reporting are disjoint; the simulator's parameters are frozen and their hash is printed.
"""
