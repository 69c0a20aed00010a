"""How fast a month of home care becomes a ranked list, beside the same stages in plain vectorised pandas."""

INDICATORS = ("HC05", "HC12", "HC20", "HC40", "HC41")
"""The indicators that exist in both versions."""

CARE = (
    "absences", "areas", "calendar", "carers", "clients", "compensation_lines", "compensation_rules", "decisions",
    "lock_events", "month_closes", "orders", "payroll_months", "providers", "rates", "visit_edits", "visits",
)  # fmt: skip
"""The tables of the month; the supplier side stands apart, in `ledger_speed`."""
