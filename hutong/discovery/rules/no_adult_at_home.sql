/*
id: no_adult_at_home
zh: 户内没有成年人在家
en: no adult of the household is at home
legal: 未成年人保护法第21条、第43条
standing: sourced
concerns: 未满16周岁、没有档案，户内没有成年人，或成年人死亡、失踪、在押、戒毒、外出，且不全是外出务工（那是另一条规则）
reads: [files, death, employment]
evidence:
  - {column: adults, zh: 户内成年人, en: adults of the household, register_: police}
  - {column: absent_because, zh: 不在家的原因之一, en: one reason of absence, register_: police}
need: N5
severity: high
owner: county_officer
domain: judicial
*/
select c.pid as subject, coalesce(h.absent_because, 'none') as evidence_key, 'review' as certainty,
  coalesce(h.adults, 0) as adults, coalesce(h.absent_because, '户内没有登记成年人') as absent_because
from child c cross join limits l
left join home h on h.household_id = c.household_id
left anti join files k on k.pid = c.pid
where c.age < l.left_behind_age and c.household_id is not null
  and (h.household_id is null or h.gone = h.adults and h.at_work < h.adults)
