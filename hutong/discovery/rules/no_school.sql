/*
id: no_school
zh: 义务教育阶段不在任何学籍名册
en: of school age and on no school roll
legal: 义务教育法第11条、第13条
standing: sourced
concerns: 按本学年8月31日计满6周岁、不满16周岁，比对后学籍名册里没有
reads: [school]
evidence:
  - {column: school_age, zh: 本学年周岁, en: full years in this school year, register_: police, since: birth_date}
need: N4
severity: middle
owner: county_officer
domain: schooling
*/
select c.pid as subject, concat('year-', cast(year(t.school_day) as string)) as evidence_key, 'review' as certainty,
  c.school_age, c.birth_date
from child c cross join limits l cross join today t
left anti join school s on s.pid = c.pid
where c.school_age >= l.school_from and c.school_age <= l.school_until
