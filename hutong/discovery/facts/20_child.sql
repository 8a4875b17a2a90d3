-- Persons under 18 who are a child of somebody's household and are not registered as dead.
select p.* from person p cross join limits l
left anti join death d on d.pid = p.pid
where p.age >= 0 and p.age < l.adult_age and p.relation = '子女'
