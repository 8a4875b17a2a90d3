/*
id: one_away_one_unable
zh: 一方外出务工，另一方无监护能力，未建档
en: one parent works away, the other cannot care, no file
legal: 国发〔2016〕13号
standing: sourced
concerns: 未满16周岁，一方登记在外地就业，另一方重残、在押、戒毒、死亡、失踪或情况不详，没有档案
reads: [employment, files]
evidence:
  - {column: work_area, zh: 外出一方就业地区代码, en: area of work of the one away, register_: employment, since: away_from}
  - {column: other_state, zh: 另一方情形, en: state of the other, register_: other_register, since: other_since}
need: N5
severity: middle
owner: county_officer
domain: judicial
proposes: LEFT_BEHIND
*/
select a.child as subject, concat(a.side, '-away-', o.standing) as evidence_key,
  case when o.what = '重残' then 'sure' else 'review' end as certainty,
  e.work_area, e.insured_from as away_from, o.what as other_state, o.source_register as other_register, o.since as other_since
from parent_state a cross join limits l
join child c on c.pid = a.child
join away e on e.pid = a.parent
join parent_state o on o.child = a.child and o.side <> a.side
left anti join files k on k.pid = a.child
where a.standing = 'none' and o.standing <> 'none' and c.age < l.left_behind_age
