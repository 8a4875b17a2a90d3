"""The plan and the law as data, and pure functions over it.

Owns the loader, versions, category rules, questionnaires, obligations, access rights, working days.
No Django model but Version.
"""
