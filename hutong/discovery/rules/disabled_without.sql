/*
id: disabled_without
zh: 残疾儿童没有康复服务或补贴
en: disabled child without rehabilitation or allowance
legal: 国发〔2018〕20号（康复救助）；国发〔2015〕52号（两项补贴）
standing: sourced
concerns: 未满18周岁的持证残疾儿童：没有康复服务记录，或一、二级而没有两项补贴记录
reads: [disability, rehabilitation, allowance]
evidence:
  - {column: category, zh: 残疾类别, en: kind of disability, register_: disability, since: issued_on}
  - {column: grade, zh: 残疾等级, en: grade, register_: disability, since: issued_on}
  - {column: lacks, zh: 名册里没有, en: not found, register_: missing_in}
need: N3
severity: middle
owner: county_officer
domain: health
*/
with holder as (
  select pid, min(grade) as grade, max(category) as category, max(issued_on) as issued_on from disability where pid is not null group by pid
),
paid as (select distinct pid from allowance where kind = '残疾人两项补贴' and pid is not null),
served as (select distinct pid from rehabilitation where pid is not null)
select c.pid as subject,
  case when s.pid is null and h.grade <= 2 and p.pid is null then 'both' when s.pid is null then 'rehabilitation' else 'allowance' end as evidence_key,
  'sure' as certainty, h.category, h.grade, h.issued_on,
  case when s.pid is null and h.grade <= 2 and p.pid is null then '康复服务和两项补贴' when s.pid is null then '康复服务' else '两项补贴' end as lacks,
  case when s.pid is null then 'rehabilitation' else 'allowance' end as missing_in
from child c join holder h on h.pid = c.pid
left join served s on s.pid = c.pid
left join paid p on p.pid = c.pid
where s.pid is null or (h.grade <= 2 and p.pid is null)
