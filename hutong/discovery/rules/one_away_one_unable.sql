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
with one as (
  select child, 'father' as side, father as parent, mother_standing as standing, mother_state as what, mother_register as register, mother_since as since
  from both_parents where father_standing = 'none' and mother_standing <> 'none'
  union all
  select child, 'mother', mother, father_standing, father_state, father_register, father_since
  from both_parents where mother_standing = 'none' and father_standing <> 'none'
)
select o.child as subject, concat(o.side, '-away-', o.standing) as evidence_key,
  case when o.what = '重残' then 'sure' else 'review' end as certainty,
  e.work_area, e.insured_from as away_from, o.what as other_state, o.register as other_register, o.since as other_since
from one o cross join limits l
join child c on c.pid = o.child
join away e on e.pid = o.parent
left anti join files k on k.pid = o.child
where c.age < l.left_behind_age
