"""What only gives context leaves the kronor alone, also within a family that others state kronor in."""

from decimal import Decimal

import pytest

from fut.settings import Capacity, Settings
from indicators import library
from models.evidence import weigh
from models.rank import rank

MONTH = "2025-12"
SHARED = "amount"


def test_round_amounts_and_amounts_above_normal_are_one_family() -> None:
    known = library()
    assert (known["SP21"].family, known["SP21"].evidence_class) == (SHARED, "C")
    assert (known["SP18"].family, known["SP18"].evidence_class) == (SHARED, "S")


@pytest.mark.parametrize("context_sek", ["10.00", "9000.00"])
def test_context_overwrites_no_kronor_of_its_family(ledger, pay, settings: Settings, context_sek: str) -> None:
    nobody = Settings(**(vars(settings) | {"capacity": Capacity(hours_per_month=10, control_share=0)}))
    pay("both", "N", MONTH, 10_000)
    for code, kind, sek in (("SP18", "S", "700.00"), ("SP23", "R", "500.00"), ("SP21", "C", context_sek)):
        ledger.execute(
            "INSERT INTO out_flags BY NAME SELECT $code AS flag_id, $code AS indicator, $kind AS evidence_class, "
            "'payment' AS subject_type, 'both' AS subject_id, 'both' AS payment_id, $month AS service_month, "
            "$sek::DECIMAL(14,2) AS amount_at_risk_sek, 'contradiction' AS verdict, 'x' AS code_version",
            {"code": code, "kind": kind, "month": MONTH, "sek": sek},
        )
        ledger.execute("INSERT INTO out_flag_payments VALUES (?, 'both', ?)", [code, sek])
    rank(ledger, [MONTH], nobody, weigh(library(), [MONTH], []))
    row = ledger.sql("FROM out_ranked_payments WHERE arm = 'risk'").pl().to_dicts()[0]
    assert row["amount_at_risk_sek"] == Decimal("1200.00")
    said = {reason["code"]: reason["amount_sek"] for reason in row["reasons"]}
    assert said == {"SP18": Decimal("700.00"), "SP23": Decimal("500.00"), "SP21": Decimal("0.00")}
