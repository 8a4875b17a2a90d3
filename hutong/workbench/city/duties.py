"""Four open duties a file, written by one statement: as many rows, indexes and bytes as the real ones, not their meaning.

What is due by which rule is the duties room's matter and its bench's; here the worklist only needs rows to go through.
"""

from __future__ import annotations

from datetime import date
from typing import Any

_FILL = """
insert into duties_duty (id, obligation, obligation_version, subject_kind, subject_id, file_id, division, period_key, bearer,
  owner_id, rank, opens_on, due_on, final_on, state, settled_kind, reason, level, why, created_at)
select gen_random_uuid(), o.obligation, '2024.1', 'people.file', f.id, f.id, f.division, o.obligation || ':' || s.due, 'director',
  f.director_id, f.attention_rank, s.due - 30, s.due, s.due + 7, 'due', '', '', 0,
  jsonb_build_object('rule', o.obligation, 'facts', jsonb_build_array(jsonb_build_object('attention', f.attention))), %(today)s
from people_file f
cross join unnest(array['visit.periodic', 'contact.urge', 'agreement.entrusted', 'file.recheck']) with ordinality o(obligation, nth)
cross join lateral (select %(today)s::date + (abs(hashtext(f.id::text || o.obligation)) %% 60) - 5 as due) s
"""


def fill(cursor: Any, today: date) -> int:
    """Write the duties; due from five days ago to eight weeks ahead. Returns how many."""
    cursor.execute(_FILL, {"today": today})
    return cursor.rowcount
