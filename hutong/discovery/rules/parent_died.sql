/*
id: parent_died
zh: 一年内失去父亲或母亲，未建档
en: lost a parent within a year, no file
legal: 未成年人保护法第43条；菏民〔2024〕6号（家庭变故）
standing: proposed
concerns: 未满18周岁，父或母12个月内登记死亡（日期不详也算），另一方未见不能照料的情形，没有档案
reads: [death, files]
evidence:
  - {column: who, zh: 去世的是, en: who died, register_: death, since: died_on}
need: N7
severity: middle
owner: county_officer
domain: care
*/
select a.child as subject, a.side as evidence_key, 'review' as certainty,
  case a.side when 'father' then '父亲' else '母亲' end as who, a.since as died_on
from parent_state a cross join limits l cross join today t
join parent_state o on o.child = a.child and o.side <> a.side
left anti join files k on k.pid = a.child
where a.standing = 'Q1' and o.standing = 'none' and (a.since is null or a.since > add_months(t.on_day, -l.recent_months))
