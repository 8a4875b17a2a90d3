"""Pages of the plan: its 23 measures and 3 safeguards with what is live, one measure, and the text sentence by sentence.

Owns showing. What the plan says and what is live come from policy.plan. No personal data.
"""
