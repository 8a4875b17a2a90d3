-- Who is not at home on the day, whatever keeps them, and once each: dead, declared missing, held (any term), at work elsewhere.
-- `lasting`: not only for a term under six months.
with reasons as (
  select pid, 1 as place, what, true as lasting from condition where kind in ('Q1', 'Q2') or source_register in ('custody', 'detox')
  union all
  select c.pid, 1, '在押', false from custody c cross join today t
  where c.pid is not null and c.began_on <= t.on_day and add_months(c.began_on, c.months) > t.on_day
  union all
  select c.pid, 1, '强制隔离戒毒', false from detox c cross join today t
  where c.pid is not null and c.began_on <= t.on_day and add_months(c.began_on, c.months) > t.on_day
  union all
  select pid, 2, '外地就业', true from away
)
select pid, min(place) = 2 as only_work, min(what) as what, max(lasting) as lasting from reasons group by pid
