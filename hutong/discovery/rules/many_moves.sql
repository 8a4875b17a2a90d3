/*
id: many_moves
zh: 两年内多次迁移户籍
en: moved many times in two years
legal: 未成年人保护法第16条
standing: proposed
concerns: 未满18周岁，24个月内三次以上迁移；迁移频繁的孩子容易从各部门名册里漏掉
reads: [moves]
evidence:
  - {column: times, zh: 迁移次数, en: moves, register_: moves, since: last_on}
need: N5
severity: low
owner: county_officer
domain: care
*/
select c.pid as subject, concat('last-', cast(max(m.moved_on) as string)) as evidence_key, 'review' as certainty,
  count(distinct m.moved_on) as times, max(m.moved_on) as last_on
from child c cross join limits l cross join today t
join moves m on m.pid = c.pid
where m.moved_on <= t.on_day and m.moved_on > add_months(t.on_day, -l.moves_months)
group by c.pid, l.moves
having count(distinct m.moved_on) >= l.moves
