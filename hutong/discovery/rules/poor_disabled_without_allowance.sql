/*
id: poor_disabled_without_allowance
zh: 低保、特困家庭的残疾儿童没有领取残疾人两项补贴
en: disabled child of a family on relief, without the disability allowance
legal: 国发〔2015〕52号（困难残疾人生活补贴）
standing: sourced
concerns: 未满18周岁，三、四级残疾，本人在低保或特困名册，补贴名册里没有残疾人两项补贴；救助类别不详的交人工核实
reads: [disability, dibao, allowance]
evidence:
  - {column: grade, zh: 残疾等级, en: grade, register_: disability, since: issued_on}
  - {column: relief, zh: 救助类别, en: kind of relief, register_: dibao, since: relief_since}
need: N1
severity: middle
owner: county_officer
domain: health
*/
with holder as (select pid, min(grade) as grade, max(issued_on) as issued_on from disability where pid is not null group by pid),
poor as (select pid, min(kind) as relief, min(since) as relief_since from dibao
  where pid is not null and (kind in ('低保', '特困') or kind is null) group by pid)
select c.pid as subject, 'allowance' as evidence_key, case when p.relief is null then 'review' else 'sure' end as certainty,
  h.grade, h.issued_on, p.relief, p.relief_since
from child c
join holder h on h.pid = c.pid
join poor p on p.pid = c.pid
left anti join (select pid from allowance where kind = '残疾人两项补贴') a on a.pid = c.pid
where h.grade > 2
