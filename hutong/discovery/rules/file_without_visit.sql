/*
id: file_without_visit
zh: 在册档案长期没有走访
en: a file without a visit for long
legal: 民发〔2019〕34号；菏民〔2024〕6号
standing: proposed
concerns: 未满18周岁的在册孩子，100天以上没有走访；从未走访而建档已过15天的、走访日期不详的交人工核实
reads: [files]
evidence:
  - {column: last_on, zh: 最近一次走访, en: last visit, register_: files, since: last_on}
  - {column: opened_on, zh: 建档日期, en: file opened on, register_: files, since: opened_on}
need: N8
severity: middle
owner: county_officer
domain: care
opens: false
*/
select c.pid as subject, coalesce(cast(max(f.last_visit_on) as string), 'never') as evidence_key,
  case when max(f.last_visit_on) is null then 'review' else 'sure' end as certainty,
  max(f.last_visit_on) as last_on, min(f.opened_on) as opened_on
from child c cross join limits l cross join today t
join files f on f.pid = c.pid
group by c.pid, l.visit_days, l.first_visit_days, t.on_day
having max(f.last_visit_on) < date_sub(t.on_day, l.visit_days)
  or max(f.last_visit_on) is null and (min(f.opened_on) is null or min(f.opened_on) < date_sub(t.on_day, l.first_visit_days))
