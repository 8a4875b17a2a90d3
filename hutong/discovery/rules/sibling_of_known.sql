/*
id: sibling_of_known
zh: 兄弟姐妹已建困境档案，本人没有
en: a brother or sister has a file, this child has none
legal: 国发〔2016〕36号
standing: proposed
concerns: 未满18周岁，同父或同母的孩子已有困境儿童档案，本人没有任何档案
reads: [files]
evidence:
  - {column: known_siblings, zh: 已建档的兄弟姐妹, en: brothers and sisters with a file, register_: files, since: opened_on}
need: N5
severity: middle
owner: county_officer
domain: care
*/
select s.pid as subject, 'sibling' as evidence_key, 'review' as certainty,
  count(distinct s.sibling) as known_siblings, min(f.opened_on) as opened_on
from sibling s
join files f on f.pid = s.sibling
left anti join files k on k.pid = s.pid
where f.kind = 'difficulty'
group by s.pid
