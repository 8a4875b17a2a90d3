/*
id: far_behind_grade
zh: 年级明显低于年龄
en: grade far below age
legal: 义务教育法第11条、第13条
standing: proposed
concerns: 义务教育阶段在籍，年级比同龄人低三个以上；年级不详的不判断
reads: [school]
evidence:
  - {column: grade, zh: 年级, en: grade, register_: school}
  - {column: school_age, zh: 本学年周岁, en: full years in this school year, register_: police, since: birth_date}
need: N4
severity: low
owner: county_officer
domain: schooling
*/
select c.pid as subject, concat('year-', cast(year(t.school_day) as string)) as evidence_key, 'review' as certainty,
  max(s.grade) as grade, c.school_age, c.birth_date
from child c cross join limits l cross join today t
join school s on s.pid = c.pid
where c.school_age >= l.school_from and c.school_age <= l.school_until
group by c.pid, c.school_age, c.birth_date, t.school_day, l.school_from, l.behind_years
having c.school_age - l.school_from + 1 - max(s.grade) >= l.behind_years
