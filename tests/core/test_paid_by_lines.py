"""Ledger payments beside the lines they pay: how much each goes beyond them, month by month as lines become known."""

import duckdb

from core.paid_by_lines import PAID_BY_LINES
from fut.drawn import fill
from tests.core.drawn_ledger import same, table

DRAWN = """
core_providers
provider_id | org_no
P1          | 556000-1111
P2          | 556000-2222
core_payees
supplier_key | entity_key | org_no
S1           | E1         | 556000-1111
S2           | E2         | 556000-2222
core_compensation_lines
line_id | provider_id | booked_month | amount_sek | invoice_id | is_delivered
A1      | P1          | 2026-02      | 6000.00    | A          | true
A2      | P1          | 2026-03      | 3000.00    | A          | true
A3      | P1          | 2026-03      | 1000.00    | A          | true
A4      | P1          | 2026-03      | 500.00     | A          | false
B1      | P1          | 2026-03      | 10000.00   | B          | true
C1      | P1          | 2026-03      | 10000.00   | C          | true
C2      | P1          | 2026-04      | 1000.00    | C          | true
C3      | P1          | 2026-05      | 500.00     | C          | true
J1      | P1          | 2026-03      | 10000.00   | J          | true
K1      | P1          | 2026-03      | 10000.00   | K          | true
D1      | P9          | 2026-03      | 10000.00   | D          | true
G1      | P1          | 2026-03      | 10000.00   | G          | true
H1      | P1          | 2026-03      | 10000.00   | 77         | true
H2      | P2          | 2026-03      | 4000.00    | 77         | true
N1      | P1          | 2026-03      | 10000.00   |            | true
core_payments
payment_id | entity_key | booked_month | invoice_id | invoice_no | amount_sek | booking_date
A-jan      | E1         | 2026-01      | A          | 71         | 12000.00   | 2026-01-20
A-mar      | E1         | 2026-03      | A          | 71         | 500.00     | 2026-03-20
B-1        | E1         | 2026-03      | B          | 72         | 8000.00    | 2026-03-20
B-2        | E1         | 2026-03      | B          | 72         | 4000.00    | 2026-03-10
C-mar      | E1         | 2026-03      | C          | 73         | 14000.00   | 2026-03-20
C-apr      | E1         | 2026-04      | C          | 73         | 3000.00    | 2026-04-20
C-may      | E1         | 2026-05      | C          | 73         | 100.00     | 2026-05-20
J-jan      | E1         | 2026-01      | J          | 79         | 8000.00    | 2026-01-20
K-2        | E1         | 2026-03      | K          | 80         | 4000.00    | 2026-03-20
K-1        | E1         | 2026-03      | K          | 80         | 8000.00    | 2026-03-20
D-mar      | E3         | 2026-03      | D          | 74         | 8500.00    | 2026-03-20
G-mar      | E1         | 2026-03      | G          | 75         | 12000.00   | 2026-03-10
G-credit   | E1         | 2026-03      | G          | 75         | -2000.00   | 2026-03-20
H-mar      | E1         | 2026-03      |            | 77         | 10000.00   | 2026-03-20
H-other    | E2         | 2026-03      |            | 77         | 4200.00    | 2026-03-20
H-none     | E3         | 2026-03      |            | 77         | 4200.00    | 2026-03-20
N-none     | E1         | 2026-03      |            |            | 10000.00   | 2026-03-20
"""


def test_each_payment_bears_what_it_adds_beyond_the_lines_known_in_its_month(core: duckdb.DuckDBPyConnection) -> None:
    core.execute("BEGIN")
    try:
        fill(core, DRAWN)
        found = table(
            core,
            "SELECT payment_id AS payment, is_known AS known, lines_sek::DECIMAL(14,2) AS lines, array_to_string(line_ids, "
            f"' ') AS ids, beyond_sek AS beyond FROM ({PAID_BY_LINES}) WHERE payment_id <> 'G-credit' "
            "ORDER BY left(payment_id, 1), booked_month, payment_id",
        )
    finally:
        core.execute("ROLLBACK")
    assert found == same("""
    payment | known | lines    | ids      | beyond
    A-jan    | false | 10000.00 |          | 2000.00
    A-mar    | true  | 10000.00 | A1 A2 A3 | 500.00
    B-1      | true  | 10000.00 | B1       | 2000.00
    B-2      | true  | 10000.00 | B1       | 0.00
    C-mar    | true  | 10000.00 | C1       | 4000.00
    C-apr    | true  | 11000.00 | C1 C2    | 2000.00
    C-may    | true  | 11500.00 | C1 C2 C3 | 0.00
    D-mar    | true  | 10000.00 | D1       | -1500.00
    G-mar    | true  | 10000.00 | G1       | 0.00
    H-mar    | true  | 10000.00 | H1       | 0.00
    H-other  | true  | 4000.00  | H2       | 200.00
    J-jan   | false | 10000.00 |          | 0.00
    K-1     | true  | 10000.00 | K1       | 0.00
    K-2     | true  | 10000.00 | K1       | 2000.00
    """)
