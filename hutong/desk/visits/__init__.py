"""Pages on which a visit, an attempt, a contact, a change and an agreement are recorded, on a phone first.

Owns the form made from a questionnaire. Decides nothing: wellbeing does.
"""
