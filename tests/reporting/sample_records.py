"""What invented registers say of one invented payee: two permits, a contract, roles, a link, an exclusion, facts."""

import datetime as dt
from decimal import Decimal

PERSON = "L-5a09e8d244fbb42c"
FIELDS = ("kind", "number", "what", "status", "other_ref", "other_name", "valid_from", "valid_to", "amount_sek")
ROWS = (
    ("company", "556000-0001", "f_tax", "yes", None, None, dt.date(2026, 1, 1), None, None),
    ("company", "556000-0001", "status", "liquidation", None, None, dt.date(2026, 1, 1), None, None),
    ("contract", "A10", "Hemtjänst", "lov", None, None, dt.date(2024, 1, 1), None, Decimal("1250000.00")),
    ("exclusion", PERSON, "Företrädare vid hävning", "own_decision", None, None, dt.date(2025, 12, 31), None, None),
    ("link", PERSON, "board", None, "org-01", "Nordlyckan Bygg AB", dt.date(2020, 9, 18), None, None),
    ("permit", "T3001", "home_care", "valid", None, None, dt.date(2023, 7, 6), None, None),
    ("permit", "T3002", "home_care", "revoked", None, None, dt.date(2020, 1, 1), dt.date(2023, 7, 5), None),
    ("role", PERSON, "ceo", None, None, None, dt.date(2020, 9, 18), None, None),
)


def payee_records(payee_ref: str) -> list[dict]:
    """Return rows of out/payee_records for one payee."""
    return [
        {
            "payee_ref": payee_ref,
            **dict(zip(FIELDS, row, strict=True)),
            "source_file": f"{row[0]}.csv",
            "source_line": n,
        }
        for n, row in enumerate(ROWS, 2)
    ]
