/*
id: village_without_director
zh: 有孩子的村（居）没有儿童主任
en: a village with children has no child director
legal: 民发〔2019〕34号；未成年人保护法第43条
standing: sourced
concerns: 户籍登记里有未成年人的村（居），儿童主任名册里写着空缺；名册里没有这个村的，先核实名册是否齐全
reads: [directors]
about: village
evidence:
  - {column: children, zh: 村里的未成年人, en: minors of the village, register_: police}
need: N20
severity: middle
owner: county_officer
domain: care
opens: false
*/
with villages as (select division, count(*) as children from child where division is not null group by division),
named as (select division, max(director) as director from directors where division is not null group by division)
select v.division as subject, 'vacant' as evidence_key, case when n.division is null then 'review' else 'sure' end as certainty, v.children
from villages v left join named n on n.division = v.division
where n.director is null
