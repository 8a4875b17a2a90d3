"""Reports, cases, assessments, care plans, referrals. Owns cases; not clocks (duties) and not visits (wellbeing)."""
