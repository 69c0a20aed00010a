"""A line was paid with another amount than the rules and the visits give."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC44",
    title=Text("Betalt skiljer från reglerna", "Paid differs from the rules"),
    means=Text(
        "Ersättningen skiljer sig minst {floor_sek} kr från vad ersättningsreglerna ger för månadens besök, beslut och "
        "frånvaro. För lite betalt räknas också.",
        "The line differs by at least {floor_sek} kr from what the compensation rules give for the month's visits, "
        "decisions and absences. Too little paid counts too.",
    ),
    measured=Measured(Text("Betalt utöver reglerna", "Paid beyond the rules"), "sek"),
    innocent=(
        Text("Besök har kommit in eller rättats efter utbetalningen.", "Visits came or were corrected after payment."),
        Text("En rättelse av raden är avtalad men ännu inte bokförd.", "A correction is agreed but not yet booked."),
        Text("Avtalet har ett villkor som regelfilen inte har.", "The contract has a term the rule file lacks."),
    ),
    do=Text(
        "Öppna omräkningen: vilket steg skiljer, och vilken taxa och regel gällde den dagen? Jämför med avtalet.",
        "Open the recalculation: which step differs, and which rate and rule held that day? Compare with the contract.",
    ),
    evidence_class="R",
    family="recalculation",
    prior=Prior(19, 1, "simulated municipality, development seed: every such line is an error; no published precision"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where="is_delivered",
        testable="recalculated_sek IS NOT NULL",
        missing="compensation_rules",
        opens="CASE WHEN differs_by LIKE 'no_rate%' THEN ['rates'] WHEN differs_by LIKE 'no_rule%' THEN "
        "['compensation_rules'] WHEN differs_by <> 'no_orders' THEN [replace(differs_by, 'no_', '')] ELSE CASE WHEN "
        "EXISTS (FROM core_decisions) THEN ['orders'] WHEN EXISTS (FROM core_orders) THEN ['decisions'] ELSE ['orders', "
        "'decisions'] END || CASE WHEN EXISTS (FROM core_absences) THEN [] ELSE ['absences'] END END",
        needs=("visits", "rates", "compensation_rules"),
    ),
    params={"floor_sek": Param(1, "sek", "the engine is exact to the öre; below a krona nothing is worth asking for")},
    sql="""
        SELECT line_id AS subject_key, booked_month AS service_month, difference_sek AS value,
               difference_sek AS amount_at_risk_sek
        FROM core_compensation_lines
        WHERE is_delivered AND recalculated_sek IS NOT NULL AND abs(difference_sek) >= $floor_sek
    """,
    example="""
        core_compensation_lines
        line_id | is_delivered | amount_sek | recalculated_sek | difference_sek | differs_by
        L1      | true         | 1000.00    | 900.00           | 100.00         | price
        L2      | true         | 900.00     | 900.00           | 0.00           | none
        L3      | true         | 800.00     | 900.00           | -100.00        | rounding
        L4      | true         | 901.00     | 900.00           | 1.00           | unexplained
        L5      | true         | 900.99     | 900.00           | 0.99           | unexplained
        L6      | true         | 900.00     |                  |                | no_rules
        L7      | false        | 0.00       | 900.00           | -900.00        | not_paid
        L8      | true         | 500.00     | 0.00             | 500.00         | missing_visits
    """,
    flags={"L1": "100.00", "L3": "-100.00", "L4": "1.00", "L8": "500.00"},
    source="domain notes 0.6, new code: the first detector is a recalculation of compensation, municipal auditors' home care reviews",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
