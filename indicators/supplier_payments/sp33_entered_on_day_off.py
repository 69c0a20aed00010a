"""A payment was entered on a weekend or holiday by a user who otherwise works on weekdays."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP33",
    title=Text("Registrerad på ledig dag", "Entered on a day off"),
    means=Text(
        "Betalningen på minst {floor_sek} kr registrerades en helg eller helgdag, fast användaren tidigare gjort "
        "högst {off_share} av sitt arbete då.",
        "The payment of at least {floor_sek} kr was entered on a weekend or holiday, though the user did at most "
        "{off_share} of earlier work then.",
    ),
    measured=Measured(Text("Registrerad", "Entered"), "date"),
    innocent=(
        Text("Övertid vid bokslut.", "Overtime at closing of the books."),
        Text("En överföring som körts i användarens namn.", "A transfer run in the user's name."),
    ),
    do=Text(
        "Fråga gruppchefen om helgarbete var beställt. Se vad mer användaren gjorde den dagen.",
        "Ask the manager whether weekend work was ordered. See what else the user did that day.",
    ),
    evidence_class="C",
    family="rhythm",
    prior=Prior(1, 99, "typology T46: a weak sign on its own, batch jobs and shifts explain most"),
    review_minutes=10,
    scope=Scope(
        where="is_live", testable="entered_at IS NOT NULL AND created_by IS NOT NULL",
        missing="ap_postings.entered_at", needs=("ap_postings.entered_at", "ap_postings.created_by"),
    ),
    params={
        "off_share": Param(0.02, "share", "a user with more weekend work has it as a habit"),
        "history": Param(50, "payments", "a share of 2 % cannot be told from fewer entries"),
        "floor_sek": Param(10_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH entered AS (
            SELECT payment_id, created_by, booked_month, amount_sek, strftime(entered_at, '%Y%m%d')::INTEGER AS day,
                   coalesce(day_type <> 'weekday', isodow(entered_at) > 5) AS is_off
            FROM core_payments LEFT JOIN core_calendar ON date = entered_at::DATE
            WHERE is_live AND entered_at IS NOT NULL AND created_by IS NOT NULL
        ), habit AS (
            SELECT created_by, booked_month, sum(count(*)) OVER earlier AS n,
                   sum(count(*) FILTER (is_off)) OVER earlier AS n_off
            FROM entered GROUP BY 1, 2
            WINDOW earlier AS (PARTITION BY created_by ORDER BY booked_month
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               day AS value
        FROM entered JOIN habit USING (created_by, booked_month)
        WHERE is_off AND n >= $history AND n_off <= $off_share * n AND amount_sek >= $floor_sek
    """,
    example="""
        core_calendar
        date       | day_type
        2026-03-10 | holiday
        core_payments
        payment_id | created_by | booking_date | entered_at          | amount_sek
        F1         | WEEK       | 2026-03-09   | 2026-03-07 10:00:00 | 12000.00
        F2         | WEEK       | 2026-03-10   | 2026-03-10 10:00:00 | 12000.00
        A3         | WEEK       | 2026-03-09   | 2026-03-07 11:00:00 | 9000.00
        A4         | WEEK       | 2026-03-09   | 2026-03-09 11:00:00 | 12000.00
        A5         | SHIFT      | 2026-03-09   | 2026-03-07 10:00:00 | 12000.00
        A6         | NEW        | 2026-03-09   | 2026-03-07 10:00:00 | 12000.00
        """
    + "\n".join(  # one user works Monday to Friday, the other Thursday to Monday
        f"{user}{k} | {user} | 2026-02-{day:02d} | 2026-02-{day:02d} 10:00:00 | 900.00"
        for user, first in (("WEEK", 2), ("SHIFT", 5))
        for k in range(50)
        for day in [first + k % 5]
    ),
    flags={"F1": "12000.00", "F2": "12000.00"},
    shown={"F1": "20260307 | F1", "F2": "20260310 | F2"},
    source="Indicator catalogue SP33; SAP and MindBridge test postings on non-working days",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
