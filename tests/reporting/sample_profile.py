"""What an invented run publishes of one invented payee beside its peers: deviating, usual, and not to be compared."""

ROWS = (
    ("provider_month", "manual_funnel", "Andel besök registrerade för hand", "standard deviations", 5.4, -0.9, 0.0, 0.8, 11,
     0.0, 410.0, 1234.0, "visits", 0.031, None),
    ("provider_month", "zero_gap_funnel", "Andel förflyttningar utan restid", "standard deviations", 0.3, -0.7, 0.1, 0.9,
     11, 0.454545, 30.0, 990.0, "moves", 0.028, None),
    ("provider_month", "far_from_home_funnel", "Andel besök långt från hemmet", "standard deviations", None, None, None,
     None, None, None, 0.0, 0.0, "placed", None, "no_exposure"),
    ("supplier_year", "round_share_excess", "Fler jämna belopp än liknande", "share", 0.31, -0.01, 0.0, 0.02, 140, 0.007143,
     14.0, 40.0, "payment_count", 0.021, None),
    ("supplier_year", "largest_share", "Största betalningens andel av året", "share", 0.05, 0.1, 0.2, 0.4, 140, 0.9, None,
     40.0, "payment_count", None, None),
    ("supplier_year", "growth_against_year_before", "Ökning mot året före", "log2 ratio", None, None, None, None, None, None,
     None, 40.0, "payment_count", None, "too_little_known"),
)  # fmt: skip
FIELDS = (
    "grain", "feature", "label_sv", "unit", "value", "peer_low", "peer_median", "peer_high", "peers", "beyond_share",
    "hits", "exposure", "exposure_unit", "peer_rate", "reason",
)  # fmt: skip


def payee_profile(payee_ref: str, month: str) -> list[dict]:
    """Return rows of out/payee_profile for one payee."""
    return [
        {
            "payee_ref": payee_ref, "month": month, "bad_tail": "high",
            "provider_id": "P7" if row[0] == "provider_month" else None, **dict(zip(FIELDS, row, strict=True)),
        }
        for row in ROWS
    ]  # fmt: skip
