"""A carer's visits of one day add up to a longer working day than anyone may work."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC18",
    title=Text("För lång arbetsdag", "Working day too long"),
    means=Text(
        "Medarbetarens besök och tiden mellan dem på ett dygn eller i ett pass över midnatt, hos alla utförare sammanlagt, "
        "lämnar inte rum för dygnsvilan ({daily_rest} av 24). Uppehåll över {break} minuter räknas inte.",
        "The carer's visits and the time between them in a day or in a shift over midnight, all providers together, leave no "
        "room for the daily rest ({daily_rest} of 24). Pauses above {break} minutes do not count.",
    ),
    measured=Measured(Text("Timmar på dygnet eller passet", "Hours of the day or the shift")),
    innocent=(
        Text("Utloggningen glömdes.", "The log-out was forgotten."),
        Text("Ett lånat inlogg: flera delade på passet.", "A borrowed log-in: several people shared the shift."),
        Text("Sovande jour.", "Sleeping night duty."),
    ),
    do=Text(
        "Jämför med schema och lön för dygnet. Vem gjorde de sista besöken?",
        "Compare with roster and pay of the day. Who made the last visits?",
    ),
    evidence_class="R",
    family="carer_time",
    prior=Prior(3, 9, "judgement: forgotten log-outs lengthen days; no published precision"),
    review_minutes=25,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref"),
    ),
    limits=("daily_rest",),
    params={
        "break": Param(120, "minutes", "a longer pause is a split shift"),
        "least_sek": Param(100, "sek", "less is not worth a review"),
    },
    sql=per_line(
        """
        WITH day AS (
            SELECT carer_ref, visit_date, is_night, minutes + coalesce(pauses, 0) AS minutes
            FROM (SELECT carer_ref, visit_date, bool_and(service = 'night') AS is_night, sum(registered_minutes) AS minutes
                  FROM core_visits WHERE status = 'performed' AND carer_ref IS NOT NULL GROUP BY ALL) v
            LEFT JOIN (SELECT carer_ref, visit_date, sum(gap_minutes) AS pauses FROM core_visit_neighbours
                  WHERE gap_minutes < $break GROUP BY ALL) USING (carer_ref, visit_date)
            WHERE v.minutes + coalesce(pauses, 0) > (SELECT 60 * (24 - max(hours)) FROM core_limits WHERE kind = 'daily_rest')
        ), over_midnight AS (
            SELECT n.carer_ref, unnest([n.visit_date, n.visit_date - 1]) AS visit_date
            FROM core_visit_neighbours n JOIN core_visits p ON p.visit_id = n.previous_id
            WHERE gap_minutes < $break AND p.visit_date < n.visit_date
        ), shift AS (
            SELECT v.*, coalesce(gap_minutes, 0) AS pause, count(*) FILTER (gap_minutes IS NULL) OVER (
                PARTITION BY v.carer_ref ORDER BY v.start_utc, v.visit_id ROWS UNBOUNDED PRECEDING) AS stretch
            FROM (FROM core_visits SEMI JOIN over_midnight USING (carer_ref, visit_date) WHERE status = 'performed') v
              LEFT JOIN (FROM core_visit_neighbours WHERE gap_minutes < $break) n USING (visit_id)
        ), whole AS (
            SELECT *, sum(registered_minutes + pause) OVER one AS minutes, bool_and(service = 'night') OVER one AS is_night
            FROM shift WINDOW one AS (PARTITION BY carer_ref, stretch))
        SELECT visit_id, together, round(minutes / 60, 2) AS measured, 1 - most / minutes AS share, NULL AS missing_field, CASE WHEN is_night THEN 'nattjour' END AS explained_by
        FROM (FROM core_visits JOIN day USING (carer_ref, visit_date) SELECT visit_id, visit_date, minutes, is_night,
              concat_ws('|', carer_ref, visit_date) AS together WHERE status = 'performed'
              UNION ALL SELECT visit_id, visit_date, minutes, is_night, concat_ws('|', carer_ref, 'shift', stretch) FROM whole)
          JOIN (SELECT *, 60 * (24 - hours) AS most FROM core_limits WHERE kind = 'daily_rest')
          ON visit_date >= valid_from AND coalesce(visit_date <= valid_to, TRUE) WHERE minutes > most
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_limits
        kind       | hours | valid_from | valid_to
        daily_rest | 8     | 2005-07-01 | 2026-03-09
        daily_rest | 11    | 2026-03-10 |
        core_visits
        visit_id | client_ref | carer_ref | service | actual_start | actual_end
        A00 | C0 | A | care | 2026-03-10 06:00 | 2026-03-10 06:55
        A01 | C1 | A | care | 2026-03-10 07:00 | 2026-03-10 07:55
        A02 | C2 | A | care | 2026-03-10 08:00 | 2026-03-10 08:55
        A03 | C3 | A | care | 2026-03-10 09:00 | 2026-03-10 09:55
        A04 | C4 | A | care | 2026-03-10 10:00 | 2026-03-10 10:55
        A05 | C5 | A | care | 2026-03-10 11:00 | 2026-03-10 11:55
        A06 | C6 | A | care | 2026-03-10 12:00 | 2026-03-10 12:55
        A07 | C7 | A | care | 2026-03-10 13:00 | 2026-03-10 13:55
        A08 | C8 | A | care | 2026-03-10 14:00 | 2026-03-10 14:55
        A09 | C9 | A | care | 2026-03-10 15:00 | 2026-03-10 15:55
        A10 | C10 | A | care | 2026-03-10 16:00 | 2026-03-10 16:55
        A11 | C11 | A | care | 2026-03-10 17:00 | 2026-03-10 17:55
        A12 | C12 | A | care | 2026-03-10 18:00 | 2026-03-10 18:55
        A13 | C13 | A | care | 2026-03-10 19:00 | 2026-03-10 19:55
        A14 | C14 | A | care | 2026-03-10 20:00 | 2026-03-10 20:55
        A15 | C15 | A | care | 2026-03-10 21:00 | 2026-03-10 21:55
        B00 | C0 | B | care | 2026-03-10 06:00 | 2026-03-10 06:55
        B01 | C1 | B | care | 2026-03-10 07:00 | 2026-03-10 07:55
        B02 | C2 | B | care | 2026-03-10 08:00 | 2026-03-10 08:55
        B03 | C3 | B | care | 2026-03-10 09:00 | 2026-03-10 09:55
        B04 | C4 | B | care | 2026-03-10 10:00 | 2026-03-10 10:55
        B05 | C5 | B | care | 2026-03-10 11:00 | 2026-03-10 11:55
        B06 | C6 | B | care | 2026-03-10 12:00 | 2026-03-10 12:55
        B07 | C7 | B | care | 2026-03-10 13:00 | 2026-03-10 13:55
        B08 | C8 | B | care | 2026-03-10 14:00 | 2026-03-10 14:55
        B09 | C9 | B | care | 2026-03-10 15:00 | 2026-03-10 15:55
        N00 | C0 | N | night | 2026-03-10 06:00 | 2026-03-10 06:55
        N01 | C1 | N | night | 2026-03-10 07:00 | 2026-03-10 07:55
        N02 | C2 | N | night | 2026-03-10 08:00 | 2026-03-10 08:55
        N03 | C3 | N | night | 2026-03-10 09:00 | 2026-03-10 09:55
        N04 | C4 | N | night | 2026-03-10 10:00 | 2026-03-10 10:55
        N05 | C5 | N | night | 2026-03-10 11:00 | 2026-03-10 11:55
        N06 | C6 | N | night | 2026-03-10 12:00 | 2026-03-10 12:55
        N07 | C7 | N | night | 2026-03-10 13:00 | 2026-03-10 13:55
        N08 | C8 | N | night | 2026-03-10 14:00 | 2026-03-10 14:55
        N09 | C9 | N | night | 2026-03-10 15:00 | 2026-03-10 15:55
        N10 | C10 | N | night | 2026-03-10 16:00 | 2026-03-10 16:55
        N11 | C11 | N | night | 2026-03-10 17:00 | 2026-03-10 17:55
        N12 | C12 | N | night | 2026-03-10 18:00 | 2026-03-10 18:55
        N13 | C13 | N | night | 2026-03-10 19:00 | 2026-03-10 19:55
        N14 | C14 | N | night | 2026-03-10 20:00 | 2026-03-10 20:55
        N15 | C15 | N | night | 2026-03-10 21:00 | 2026-03-10 21:55
        S1 | C1 | S | care | 2026-03-10 17:00 | 2026-03-10 19:50
        S2 | C2 | S | care | 2026-03-10 20:00 | 2026-03-10 22:50
        S3 | C3 | S | care | 2026-03-10 23:00 | 2026-03-11 01:50
        S4 | C4 | S | care | 2026-03-11 02:00 | 2026-03-11 04:50
        S5 | C5 | S | care | 2026-03-11 05:00 | 2026-03-11 07:50
        T1 | C1 | T | care | 2026-03-10 21:00 | 2026-03-10 23:50
        T2 | C2 | T | care | 2026-03-11 00:00 | 2026-03-11 02:50
        T3 | C3 | T | care | 2026-03-11 03:00 | 2026-03-11 07:00
        T4 | C4 | T | care | 2026-03-11 16:00 | 2026-03-11 23:00
        core_visit_neighbours
        visit_id | previous_id | carer_ref | gap_minutes | visit_date
        A01 | A00 | A | 5 | 2026-03-10
        A02 | A01 | A | 5 | 2026-03-10
        A03 | A02 | A | 5 | 2026-03-10
        A04 | A03 | A | 5 | 2026-03-10
        A05 | A04 | A | 5 | 2026-03-10
        A06 | A05 | A | 5 | 2026-03-10
        A07 | A06 | A | 5 | 2026-03-10
        A08 | A07 | A | 5 | 2026-03-10
        A09 | A08 | A | 5 | 2026-03-10
        A10 | A09 | A | 5 | 2026-03-10
        A11 | A10 | A | 5 | 2026-03-10
        A12 | A11 | A | 5 | 2026-03-10
        A13 | A12 | A | 5 | 2026-03-10
        A14 | A13 | A | 5 | 2026-03-10
        A15 | A14 | A | 5 | 2026-03-10
        B01 | B00 | B | 5 | 2026-03-10
        B02 | B01 | B | 5 | 2026-03-10
        B03 | B02 | B | 5 | 2026-03-10
        B04 | B03 | B | 5 | 2026-03-10
        B05 | B04 | B | 5 | 2026-03-10
        B06 | B05 | B | 5 | 2026-03-10
        B07 | B06 | B | 5 | 2026-03-10
        B08 | B07 | B | 5 | 2026-03-10
        B09 | B08 | B | 5 | 2026-03-10
        N01 | N00 | N | 5 | 2026-03-10
        N02 | N01 | N | 5 | 2026-03-10
        N03 | N02 | N | 5 | 2026-03-10
        N04 | N03 | N | 5 | 2026-03-10
        N05 | N04 | N | 5 | 2026-03-10
        N06 | N05 | N | 5 | 2026-03-10
        N07 | N06 | N | 5 | 2026-03-10
        N08 | N07 | N | 5 | 2026-03-10
        N09 | N08 | N | 5 | 2026-03-10
        N10 | N09 | N | 5 | 2026-03-10
        N11 | N10 | N | 5 | 2026-03-10
        N12 | N11 | N | 5 | 2026-03-10
        N13 | N12 | N | 5 | 2026-03-10
        N14 | N13 | N | 5 | 2026-03-10
        N15 | N14 | N | 5 | 2026-03-10
        S2 | S1 | S | 10 | 2026-03-10
        S3 | S2 | S | 10 | 2026-03-10
        S4 | S3 | S | 10 | 2026-03-11
        S5 | S4 | S | 10 | 2026-03-11
        T2 | T1 | T | 10 | 2026-03-11
        T3 | T2 | T | 10 | 2026-03-11
        T4 | T3 | T | 540 | 2026-03-11
        core_visit_pay
        visit_id | line_id | paid_sek
        A00 | LA | 2000.00
        B00 | LB | 2000.00
        N00 | LN | 2000.00
        S1 | LS | 2000.00
        T1 | LT | 2000.00
    """,
    flags={"LA": "366.49", "LN": "explained: nattjour", "LS": "247.19"},
    shown={"LS": "14.83 | S1 S2 S3 S4 S5"},
    source="Indicator catalogue HC18, there H above 16 hours: log-outs are forgotten; 13 hours of work in 24 leave the 11 hours of rest the law asks for; short rest between two shifts breaks the law but tells of no error in pay",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
