/*
id: file_past_18
zh: 已满18周岁，档案仍在册
en: of age, and the file is still open
legal: 未成年人保护法第2条
standing: sourced
concerns: 在册档案的本人已满18周岁；提示办理结案或转介，不自动结案
reads: [files]
evidence:
  - {column: age, zh: 年龄, en: age, register_: police, since: birth_date}
need: N20
severity: low
owner: county_officer
domain: care
opens: false
*/
select distinct p.pid as subject, 'adult' as evidence_key, 'sure' as certainty, p.age, p.birth_date
from person p cross join limits l
join files f on f.pid = p.pid
where p.age >= l.adult_age
