-- The matrix of domain.md §1.4: each child's two parents side by side, and what follows. Null: nothing follows.
select f.child, f.parent as father, m.parent as mother,
  f.standing as father_standing, f.what as father_state, f.source_register as father_register, f.since as father_since,
  m.standing as mother_standing, m.what as mother_state, m.source_register as mother_register, m.since as mother_since,
  case
    when f.standing = 'none' or m.standing = 'none' then null
    when f.standing = 'unknown' or m.standing = 'unknown' then 'review'
    when f.standing = 'Q1' and m.standing = 'Q1' then 'orphan'
    when f.standing <> 'P' and m.standing <> 'P' then 'review'
    else 'uncared'
  end as outcome
from parent_state f join parent_state m on m.child = f.child and m.side = 'mother'
where f.side = 'father'
