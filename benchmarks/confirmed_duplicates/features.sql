-- Candidates and as-of features of payment pairs. Read statement by statement over the table `source`
-- (rowid_, paid_date, voucher, invoice, pence, supplier, code, creditor_type); nothing later than the second payment's
-- month enters a feature. 50000 pence is the floor, 45 days the window, 180 days the follow-up of the label.
create macro z(v) as coalesce(v, 0)::double;
create macro number(t) as try_cast(regexp_extract(t, '([0-9]+)$', 1) as bigint);
create macro digits(t) as try_cast(regexp_extract(t, '([0-9]{1,15})[^0-9]*$', 1) as bigint);
create macro clean(t) as case when t like 'REDACT%' then '' else upper(regexp_replace(t, '[^A-Za-z0-9]', '', 'g')) end;
create macro glyph(t) as replace(translate(t, 'OILBS', '01185'), 'VV', 'W');
create table ledger as select rowid_ id, paid_date, year(paid_date) * 12 + month(paid_date) - 1 mon,
  supplier, pence from source;
-- every payment >= the floor, numbered within (supplier, amount); predecessor = most recent earlier occurrence
create table payment as select id, supplier, pence, paid_date, mon,
  row_number() over w occurrence, count(*) over (partition by supplier, pence) occurrences_ever,
  lag(id) over w first_id, lag(paid_date) over w first_date, lead(paid_date) over w third_date
  from ledger where pence >= 50000 window w as (partition by supplier, pence order by paid_date, id);
create table credit as select id, supplier, -pence pence, paid_date, mon from ledger where pence <= -50000;
-- every repeat within the window; credit_date = first equal credit on or after the repeat
create table repeats as select p.*,
  min(c.paid_date) filter (c.paid_date >= p.paid_date) credit_date,
  count(*) filter (c.paid_date between p.first_date and last_day(p.paid_date)) credits_seen
  from payment p left join credit c on c.supplier = p.supplier and c.pence = p.pence
  where p.occurrence >= 2 and p.paid_date - p.first_date <= 45 group by all;
create table pair as select r.*, s.code, s.creditor_type, s.voucher, s.invoice, regexp_extract(s.voucher, '^([A-Z0-9]*[A-Z])', 1) feeder
  from repeats r join source s on s.rowid_ = r.id where r.occurrence = 2;
-- candidates: exactly two occurrences are known at the close of the second payment's month
create table candidate as select *,
  occurrences_ever = 2 and coalesce(credit_date - paid_date <= 180, false) is_confirmed,
  coalesce(credit_date - paid_date <= 180, false)
    and (third_date is null or third_date > paid_date + 180) is_confirmed_at_followup
  from pair where third_date is null or third_date > last_day(paid_date);

-- supplier history, months strictly before the pair's month
create table supplier_month as select supplier, mon, count(*) n, count(*) filter (pence < 0) n_credit from ledger group by all;
create table s_hist as select supplier, mon, sum(n) over w s_n, sum(n_credit) over w s_credit, min(mon) over w s_first,
  sum(n) over w6 s_n6, sum(n_credit) over w6 s_credit6 from supplier_month
  window w as (partition by supplier order by mon rows between unbounded preceding and 1 preceding),
         w6 as (partition by supplier order by mon range between 6 preceding and 1 preceding);
create table repeat_month as select supplier, mon, count(*) n, count(*) filter (occurrence = 1) n1,
  count(*) filter (occurrence >= 2 and paid_date - first_date <= 45) n_rep,
  count(*) filter (occurrence = 2 and paid_date - first_date <= 45) n_pair,
  count(*) filter (occurrence = 3 and paid_date - first_date <= 45) n_third from payment group by all;
create table r_hist as select supplier, mon, sum(n) over w r_n, sum(n1) over w r_new, sum(n_rep) over w r_rep,
  sum(n_pair) over w r_pair, sum(n_third) over w r_third, sum(n_pair) over w12 r12_pair from repeat_month
  window w as (partition by supplier order by mon rows between unbounded preceding and 1 preceding),
         w12 as (partition by supplier order by mon range between 13 preceding and 1 preceding);
-- credited pairs, counted in the month the credit was booked
create table credited as select supplier, code, creditor_type, feeder, year(credit_date) * 12 + month(credit_date) - 1 mon
  from pair where credit_date - paid_date <= 180;
create table credited_month as select supplier, mon, count(*) n from credited group by all;
create table c_hist as select supplier, mon, sum(n) over (partition by supplier order by mon) c_pair from credited_month;
create table c12_hist as select supplier, m mon, sum(n) c12_pair
  from credited_month, (select distinct mon m from ledger) where credited_month.mon < m and credited_month.mon >= m - 12 group by all;
-- credits equal to a payment of the past 400 days
create table match_month as select c.supplier, c.mon, count(*) filter (exists (select 1 from payment p where p.supplier = c.supplier
  and p.pence = c.pence and p.paid_date between c.paid_date - 400 and c.paid_date)) n from credit c group by all;
create table m_hist as select supplier, mon, sum(n) over (partition by supplier order by mon) m_credit from match_month;

create table g_code as select v, mon, sum(cr) over w g_code_c, sum(n) over w g_code_n from (
  select v, mon, sum(cr) cr, sum(n) n from (select code v, mon, 1 cr, 0 n from credited
    union all select code, mon, 0, 1 from pair) group by all)
  window w as (partition by v order by mon);
create table g_creditor_type as select v, mon, sum(cr) over w g_creditor_type_c, sum(n) over w g_creditor_type_n from (
  select v, mon, sum(cr) cr, sum(n) n from (select creditor_type v, mon, 1 cr, 0 n from credited
    union all select creditor_type, mon, 0, 1 from pair) group by all)
  window w as (partition by v order by mon);
create table g_feeder as select v, mon, sum(cr) over w g_feeder_c, sum(n) over w g_feeder_n from (
  select v, mon, sum(cr) cr, sum(n) n from (select feeder v, mon, 1 cr, 0 n from credited
    union all select feeder, mon, 0, 1 from pair) group by all)
  window w as (partition by v order by mon);
-- the closing month itself: credits other than the pair's own, and the supplier's other pairs
create table own as select c.id, count(*) filter (k.paid_date = c.paid_date) own_day, count(*) filter (k.mon = c.mon) own_month
  from candidate c join credit k on k.supplier = c.supplier and k.pence = c.pence group by all;
create table supplier_day as select supplier, paid_date, count(*) filter (pence < 0) n_credit from ledger group by all;
create table sibling as select id, count(*) over wm - 1 sib_n, sum((credits_seen > 0)::int) over wm - (credits_seen > 0)::int sib_credit,
  sum((credits_seen > 0)::int) over wd - (credits_seen > 0)::int sib_day_credit from repeats where occurrence = 2
  window wm as (partition by supplier, mon), wd as (partition by supplier, paid_date);
create table batch as select first_date, paid_date, feeder, count(*) n from candidate group by all;

create table raw as select c.*, regexp_extract(q.voucher, '^([A-Z0-9]*[A-Z])', 1) = c.feeder and abs(number(c.voucher) - number(q.voucher)) = 1 is_adjacent,
  not (c.invoice like 'REDACT%' or q.invoice like 'REDACT%') is_visible, c.invoice = q.invoice is_raw_equal,
  clean(q.invoice) inv1, clean(c.invoice) inv2,
  s_hist.* exclude (supplier, mon), r_hist.* exclude (supplier, mon), c_pair, c12_pair, m_credit,
  g_code_c, g_code_n, g_creditor_type_c, g_creditor_type_n, g_feeder_c, g_feeder_n, batch.n batch_n,
  sm.n - coalesce(own_month, 0) mon_n, sm.n_credit - coalesce(own_month, 0) mon_credit,
  sd.n_credit - coalesce(own_day, 0) day_credit, sib_n, sib_credit, sib_day_credit
  from candidate c join source q on q.rowid_ = c.first_id
  left join s_hist on s_hist.supplier = c.supplier and s_hist.mon = c.mon
  left join r_hist on r_hist.supplier = c.supplier and r_hist.mon = c.mon
  asof left join c_hist on c_hist.supplier = c.supplier and c_hist.mon < c.mon
  left join c12_hist on c12_hist.supplier = c.supplier and c12_hist.mon = c.mon
  asof left join m_hist on m_hist.supplier = c.supplier and m_hist.mon < c.mon
  asof left join g_code on g_code.v = c.code and g_code.mon < c.mon
  asof left join g_creditor_type on g_creditor_type.v = c.creditor_type and g_creditor_type.mon < c.mon
  asof left join g_feeder on g_feeder.v = c.feeder and g_feeder.mon < c.mon
  left join batch on batch.first_date = c.first_date and batch.paid_date = c.paid_date and batch.feeder = c.feeder
  left join supplier_month sm on sm.supplier = c.supplier and sm.mon = c.mon
  left join supplier_day sd on sd.supplier = c.supplier and sd.paid_date = c.paid_date
  left join own on own.id = c.id left join sibling on sibling.id = c.id;

create table refs as select id, inv1 <> '' and inv1 = inv2 is_clean_equal, inv1 <> '' and glyph(inv1) = glyph(inv2) is_glyph_equal,
  least(length(inv1), length(inv2)) >= 4 and (contains(inv1, inv2) or contains(inv2, inv1)) is_contained,
  abs(length(inv1) - length(inv2)) len_diff, levenshtein(left(inv1, 24), left(inv2, 24)) edits, abs(digits(inv1) - digits(inv2)) number_diff,
  regexp_matches(inv1 || ' ' || inv2, '(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SPRING|SUMMER|AUTUMN)') has_period_word from raw;

create table feature as select r.id, r.supplier, r.paid_date, r.first_date, r.pence, r.credits_seen, r.is_confirmed, r.is_confirmed_at_followup,
  -- reference
  is_visible::int ref_visible,
  (is_visible and not is_raw_equal and not has_period_word and (is_clean_equal or is_glyph_equal or (is_contained and len_diff <= 2)))::int ref_mistyped,
  ref_mistyped * (r.paid_date > r.first_date)::int ref_mistyped_other_day,
  (is_visible and not is_raw_equal and not has_period_word and is_contained and len_diff > 2)::int ref_extended,
  (is_visible and is_raw_equal)::int ref_equal,
  coalesce(is_visible and number_diff <= 60, false)::int ref_number_near, (is_visible and edits <= 2)::int ref_two_edits,
  -- time
  r.paid_date - r.first_date gap_days, (gap_days = 0)::int same_day, (gap_days = 0 and is_adjacent)::int same_day_adjacent,
  (gap_days > 0 and gap_days % 7 = 0)::int whole_weeks, (gap_days between 28 and 31)::int one_month,
  (day(r.paid_date) = day(r.first_date))::int same_day_of_month,
  -- amount
  ln(r.pence / 100.0) log_amount, (r.pence % 1000 = 0)::int round_10, (r.pence % 5000 = 0)::int round_50,
  -- supplier's habits
  (z(r_new) + 3) / (z(r_n) + 6) new_amount_share, (z(r_rep) + 2) / (z(r_n) + 6) repeat_share, (z(r_pair) + .3) / (z(r_new) + 6) pair_share,
  (z(r_third) + 3) / (z(r_pair) + 6) third_share, ln(1 + coalesce(r.paid_date - make_date((s_first // 12)::int, (s_first % 12 + 1)::int, 1), 0)) log_age_days, ln(1 + batch_n) log_batch,
  -- credited-pair rate of the code, the kind of creditor and the feeder system
  ln((z(g_code_c) + .2) / (z(g_code_n) + 50)) code_credit_rate, ln((z(g_creditor_type_c) + .2) / (z(g_creditor_type_n) + 50)) kind_credit_rate,
  ln((z(g_feeder_c) + .2) / (z(g_feeder_n) + 50)) feeder_credit_rate,
  -- supplier's credits before the month
  (z(s_credit) + .3) / (z(s_n) + 20) credit_share, (z(s_credit6) + .1) / (z(s_n6) + 5) credit_share_6m, (z(m_credit) + .2) / (z(s_n) + 50) reversal_share,
  (z(c_pair) + .02) / (z(r_pair) + 5) pair_credit_share, (z(c12_pair) + .02) / (z(r12_pair) + 5) pair_credit_share_12m,
  ln((z(c12_pair) + 2 * exp(kind_credit_rate)) / (z(r12_pair) + 2)) log_pair_credit_12m,
  -- credits of the month itself, the pair's own left out
  (day_credit > 0)::int day_has_credit, least(day_credit, 10) day_credits, (mon_credit + .1) / (mon_n + 5) month_credit_share,
  ln(1 + z(sib_n)) log_siblings, (z(sib_credit) + .02) / (z(sib_n) + 2) sibling_credit_share, least(z(sib_day_credit), 5) sibling_day_credits,
  ln((z(c12_pair) + z(sib_credit) + 2 * exp(kind_credit_rate)) / (z(r12_pair) + z(sib_n) + 2)) log_pair_credit_now
  from raw r join refs using (id) order by r.paid_date, r.id;
