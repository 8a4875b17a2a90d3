"""The plan and the law as data: loader, versions, category rules, questionnaires, obligations, access rights, working days. Pure functions; no Django models but Version."""
