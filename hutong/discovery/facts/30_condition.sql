-- What holds of a person on the day (domain.md §1.4): P keeps a parent from caring, Q1 is dead, Q2 declared missing.
select d.pid, 'Q1' as kind, '死亡' as what, 'death' as source_register, d.died_on as since
from death d cross join today t where d.pid is not null and (d.died_on is null or d.died_on <= t.on_day)
union all
select m.pid, 'Q2', '宣告失踪', 'missing', m.declared_on
from missing m cross join today t where m.pid is not null and (m.declared_on is null or m.declared_on <= t.on_day)
union all
select c.pid, 'P', '服刑在押', 'custody', c.began_on
from custody c cross join today t cross join limits l
where c.pid is not null and c.months >= l.months_of_custody and c.began_on <= t.on_day and add_months(c.began_on, c.months) > t.on_day
union all
select c.pid, 'P', '强制隔离戒毒', 'detox', c.began_on
from detox c cross join today t cross join limits l
where c.pid is not null and c.months >= l.months_of_custody and c.began_on <= t.on_day and add_months(c.began_on, c.months) > t.on_day
union all
select d.pid, 'P', '重残', 'disability', d.issued_on
from disability d where d.pid is not null and (d.grade <= 2 or (d.grade <= 4 and d.category in ('精神', '智力')))
