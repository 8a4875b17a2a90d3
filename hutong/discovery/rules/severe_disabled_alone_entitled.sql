/*
id: severe_disabled_alone_entitled
zh: 低保边缘家庭的重度残疾儿童，可单独申请低保而未在册
en: severely disabled child of a family at the edge of relief who may receive alone and does not
legal: 民发〔2021〕57号（低保边缘家庭中的重度残疾人单独申请）
standing: proposed
concerns: 未满18周岁，一、二级残疾或三级智力、精神残疾，在低保边缘名册，不在低保、特困名册；等级不详的交人工核实
reads: [disability, dibao]
evidence:
  - {column: category, zh: 残疾类别, en: kind of disability, register_: disability, since: issued_on}
  - {column: grade, zh: 残疾等级, en: grade, register_: disability, since: issued_on}
  - {column: relief, zh: 救助类别, en: kind of relief, register_: dibao, since: relief_since}
need: N1
severity: middle
owner: county_officer
domain: health
*/
with holder as (
  select pid, max(category) as category, min(grade) as grade, max(issued_on) as issued_on from disability
  where pid is not null and (grade is null or grade <= 2 or grade = 3 and category in ('智力', '精神')) group by pid
),
edge as (select pid, min(kind) as relief, min(since) as relief_since from dibao where kind = '低保边缘' and pid is not null group by pid)
select c.pid as subject, 'alone' as evidence_key, case when h.grade is null then 'review' else 'sure' end as certainty,
  h.category, h.grade, h.issued_on, e.relief, e.relief_since
from child c
join holder h on h.pid = c.pid
join edge e on e.pid = c.pid
left anti join (select pid from dibao where kind in ('低保', '特困')) k on k.pid = c.pid
