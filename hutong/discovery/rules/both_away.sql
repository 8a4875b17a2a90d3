/*
id: both_away
zh: 父母均在外务工，未建档
en: both parents work away, no file
legal: 国发〔2016〕13号
standing: sourced
concerns: 未满16周岁，父母双方都登记在外地就业；是否随父母生活需入户核实
reads: [employment, files]
evidence:
  - {column: father_area, zh: 父亲就业地区代码, en: area of the father's work, register_: employment, since: father_from}
  - {column: mother_area, zh: 母亲就业地区代码, en: area of the mother's work, register_: employment, since: mother_from}
need: N5
severity: middle
owner: county_officer
domain: care
proposes: LEFT_BEHIND
*/
with away as (
  select pid, max(work_area) as work_area, max(insured_from) as insured_from from employment where pid is not null group by pid
)
select c.pid as subject, 'both' as evidence_key, 'review' as certainty,
  f.work_area as father_area, f.insured_from as father_from, m.work_area as mother_area, m.insured_from as mother_from
from child c cross join limits l
join away f on f.pid = c.father
join away m on m.pid = c.mother
left anti join files k on k.pid = c.pid
where c.age < l.left_behind_age
  and cast(substr(cast(c.division as string), 1, 4) as int) <> cast(substr(cast(f.work_area as string), 1, 4) as int)
  and cast(substr(cast(c.division as string), 1, 4) as int) <> cast(substr(cast(m.work_area as string), 1, 4) as int)
