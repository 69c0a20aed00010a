"""ST04, the recurrence model: which payments fit a rent, a subscription, instalments or a batch of like fees.

A payment is expected when the two gaps before it are of one class, or the payee's payments usually repeat at gaps of that
class; one payment between two rents, that fitted no gap itself, does not break their rhythm. An extra copy on a day, beyond the copies the last time, is not expected. Only earlier payments are looked at, and a
payment is earlier when its month closed before: a row dated back in a later delivery is not.
"""

GAP_CLASSES = {
    "weekly": (5, 9),
    "fortnightly": (12, 16),
    "monthly": (26, 36),
    "quarterly": (84, 98),
    "yearly": (350, 380),
}
SLOW = ("monthly", "quarterly", "yearly")
"""Classes whose rhythm is known again past a payment between; faster ones meet by chance."""

HABIT_SHARE = 0.5
HABIT_COUNT = 10
_CLASS = "CASE " + " ".join(f"WHEN {{0}} BETWEEN {a} AND {b} THEN '{n}'" for n, (a, b) in GAP_CLASSES.items()) + " END"

# a payee's amount that came on one day only has nothing to repeat: neither it nor a payee without a gap of a class is
# ordered. _recurrence has a row for the payments that repeat, or have copies
RECURRENCE = f"""
CREATE OR REPLACE TEMP TABLE _live AS
SELECT rid, seq, entity_no, ore, month, booking_date FROM _places p
ANTI JOIN (SELECT rid, left(netted_month, 4)::INTEGER * 12 + right(netted_month, 2)::INTEGER AS netted FROM _netting) n
  ON n.rid = p.rid AND n.netted <= p.month
WHERE ore > 0;
CREATE OR REPLACE TEMP TABLE _payee_months AS
SELECT entity_no, format('{{:04d}}-{{:02d}}', (month - 1) // 12, (month - 1) % 12 + 1) AS booked_month, payments
FROM (SELECT entity_no, month, count(*) AS payments FROM _live GROUP BY ALL);
CREATE OR REPLACE TEMP TABLE _days AS
SELECT entity_no, ore, month, booking_date, count(*) AS copies FROM _live GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE _classed AS
WITH again AS (SELECT entity_no, ore FROM _days GROUP BY ALL HAVING count(*) > 1), timed AS (
  SELECT *, lag(booking_date) OVER w AS day1, lag(booking_date, 2) OVER w AS day2,
    lag(booking_date, 3) OVER w AS day3, lag(booking_date, 4) OVER w AS day4, lag(copies) OVER w AS copies1,
    sum(copies) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM _days SEMI JOIN again USING (entity_no, ore)
  WINDOW w AS (PARTITION BY entity_no, ore ORDER BY month, booking_date)
)
SELECT * EXCLUDE (day1, day2, day3, day4), {_CLASS.format("booking_date - day1")} AS class1,
  {_CLASS.format("day1 - day2")} AS class2, {_CLASS.format("day2 - day3")} AS class3,
  {_CLASS.format("day3 - day4")} AS class4, {_CLASS.format("booking_date - day2")} AS past1,
  {_CLASS.format("day1 - day3")} AS past2, booking_date - day1 AS gap_days FROM timed;
CREATE OR REPLACE TEMP TABLE _habits AS
WITH rhythmic AS (
  SELECT entity_no, class1, month, booking_date, count(*) AS in_rhythm FROM _classed WHERE class1 IS NOT NULL GROUP BY ALL
), counted AS (
  SELECT entity_no, month, booking_date, count(*) AS amounts FROM _days
  SEMI JOIN rhythmic USING (entity_no) GROUP BY ALL
), summed AS (
  SELECT entity_no, month, booking_date, sum(amounts) OVER (PARTITION BY entity_no ORDER BY month, booking_date
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seen FROM counted
)
SELECT entity_no, class1, month, booking_date, seen, sum(in_rhythm) OVER (PARTITION BY entity_no, class1
  ORDER BY month, booking_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS in_rhythm
FROM rhythmic JOIN summed USING (entity_no, month, booking_date);
CREATE OR REPLACE TEMP TABLE _recurrence AS
WITH told AS (
  SELECT entity_no, ore, month, booking_date, d.copies, gap_days, before, copies1, class1, class2,
    CASE WHEN past1 IN {SLOW} AND past1 = class3 AND class2 IS DISTINCT FROM class3 THEN past1
         WHEN past2 IN {SLOW} AND past2 = class1 AND class3 IS DISTINCT FROM class4 THEN past2 END AS past
  FROM _days d LEFT JOIN _classed c USING (entity_no, ore, month, booking_date) WHERE d.copies > 1 OR gap_days IS NOT NULL
), copied AS (
  SELECT rid, row_number() OVER (PARTITION BY entity_no, ore, month, booking_date ORDER BY seq) AS copy_no
  FROM _live SEMI JOIN (FROM _days WHERE copies > 1) USING (entity_no, ore, month, booking_date)
)
SELECT rid, copies AS copies_same_day, gap_days, CASE WHEN gap_days <= 400 THEN before ELSE 0 END AS same_amount_before,
  CASE WHEN copy_no > copies1 THEN NULL WHEN class1 = class2 THEN class1
       WHEN past IS NOT NULL THEN past
       WHEN seen >= {HABIT_COUNT} AND in_rhythm >= {HABIT_SHARE} * seen THEN class1
       WHEN copies1 > 1 AND copies > 1 AND gap_days >= 5 THEN 'batch' END AS rhythm
FROM _live JOIN told USING (entity_no, ore, month, booking_date) LEFT JOIN copied USING (rid)
  LEFT JOIN _habits USING (entity_no, class1, month, booking_date)
"""
