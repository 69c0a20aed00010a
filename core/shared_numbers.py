"""When a number that stands for several things is no slip of a correction: for visits, lines and suppliers alike."""

LEAST_SHARED = 10
WORST = f"GROUP BY ALL HAVING others >= {LEAST_SHARED} AND 2 * others >= again ORDER BY others DESC, 1, 2 LIMIT 1"
"""The end of a SELECT of two places, `others` (numbers that stand for something else in each) and `again` (all that both have)."""
