/*
id: disabled_without_file
zh: 持证残疾儿童没有建档
en: disabled child without a file
legal: 国发〔2016〕36号
standing: sourced
concerns: 未满18周岁，残疾人登记里有本人，没有困境儿童档案；等级不详的交人工核实
reads: [disability, files]
evidence:
  - {column: category, zh: 残疾类别, en: kind of disability, register_: disability, since: issued_on}
  - {column: grade, zh: 残疾等级, en: grade, register_: disability, since: issued_on}
need: N3
severity: middle
owner: county_officer
domain: health
proposes: IN_DIFFICULTY
*/
select c.pid as subject, 'file' as evidence_key, case when min(d.grade) is null then 'review' else 'sure' end as certainty,
  max(d.category) as category, min(d.grade) as grade, max(d.issued_on) as issued_on
from child c
join disability d on d.pid = c.pid
left anti join (select pid from files where kind = 'difficulty') k on k.pid = c.pid
group by c.pid
