-- Who works outside the prefecture of the own registration, once each: the area last insured in.
select e.pid, max(e.work_area) as work_area, max(e.insured_from) as insured_from
from employment e join registered p on p.pid = e.pid
where e.work_area is not null
  and cast(substr(cast(p.division as string), 1, 4) as int) <> cast(substr(cast(e.work_area as string), 1, 4) as int)
group by e.pid
