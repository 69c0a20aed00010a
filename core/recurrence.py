"""ST04, the recurrence model: which payments fit a rent, a subscription, instalments or a batch of like fees.

A payment is expected when the two gaps before it are of one class, or the payee's payments usually repeat at such
gaps; an extra copy on a day, beyond the copies the last time, is not expected. Only earlier payments are looked at, and a
payment is earlier when its month closed before: a row dated back in a later delivery is not.
"""

GAP_CLASSES = {
    "weekly": (5, 9),
    "fortnightly": (12, 16),
    "monthly": (26, 36),
    "quarterly": (84, 98),
    "yearly": (350, 380),
}
HABIT_SHARE = 0.5
HABIT_COUNT = 10
_CLASS = "CASE " + " ".join(f"WHEN {{0}} BETWEEN {a} AND {b} THEN '{n}'" for n, (a, b) in GAP_CLASSES.items()) + " END"

RECURRENCE = f"""
CREATE OR REPLACE TEMP TABLE _recurrence AS
WITH live AS (
  SELECT seq, payment_id, entity_no, amount_sek, booked_month, booking_date,
    row_number() OVER (PARTITION BY entity_no, amount_sek, booked_month, booking_date ORDER BY seq) AS copy_no,
    count(*) OVER (PARTITION BY entity_no, amount_sek, booked_month, booking_date) AS copies_same_day,
    count(*) OVER (PARTITION BY entity_no, booked_month) AS payee_month_count
  FROM _payments p LEFT JOIN _netting n USING (payment_id)
  WHERE amount_sek > 0 AND (n.netted_month IS NULL OR n.netted_month > p.booked_month)
), days AS (
  SELECT entity_no, amount_sek, booked_month, booking_date, count(*) AS copies,
    lag(booking_date) OVER w AS day1, lag(booking_date, 2) OVER w AS day2, lag(count(*)) OVER w AS copies1,
    sum(count(*)) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM live GROUP BY entity_no, amount_sek, booked_month, booking_date
  WINDOW w AS (PARTITION BY entity_no, amount_sek ORDER BY booked_month, booking_date)
), classed AS (
  SELECT *, {_CLASS.format("booking_date - day1")} AS class1, {_CLASS.format("day1 - day2")} AS class2,
    booking_date - day1 AS gap_days
  FROM days
), payee_days AS (
  SELECT entity_no, booked_month, booking_date, sum(sum((class1 IS NOT NULL)::INT)) OVER e AS in_rhythm,
    sum(count(*)) OVER e AS seen
  FROM classed GROUP BY entity_no, booked_month, booking_date
  WINDOW e AS (PARTITION BY entity_no ORDER BY booked_month, booking_date ROWS BETWEEN UNBOUNDED PRECEDING AND
    1 PRECEDING)
)
SELECT l.payment_id, l.copies_same_day, l.payee_month_count, gap_days,
  CASE WHEN gap_days <= 400 THEN before ELSE 0 END AS same_amount_before,
  CASE WHEN copy_no > copies1 THEN NULL WHEN class1 = class2 THEN class1
       WHEN class1 IS NOT NULL AND seen >= {HABIT_COUNT} AND in_rhythm >= {HABIT_SHARE} * seen THEN class1
       WHEN copies1 > 1 AND copies > 1 AND gap_days >= 5 THEN 'batch' END AS rhythm
FROM live l JOIN classed c USING (entity_no, amount_sek, booked_month, booking_date)
  JOIN payee_days h USING (entity_no, booked_month, booking_date)
"""
