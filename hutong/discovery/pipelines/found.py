"""The leads of a run, rule by rule, as tables of DuckDB: those made now and those an earlier run left.

Does not own how leads are made (leads.py) nor where they are kept (kept_answers.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from hutong.discovery.pipelines import leads
from hutong.discovery.pipelines.engines import Duck, Engine, Spark
from hutong.discovery.pipelines.rules import Rule

FOR_OTHERS = {"rule": "text", "subject": "bigint", "certainty": "text", "severity": "text", "title": "text"}


class Found:
    """Tables by rule, with the number of rows of each."""

    def __init__(self, where: Engine) -> None:
        self._where, self.tables, self.counts = where, dict[str, str](), dict[str, int]()

    def add(self, tables: dict[str, str]) -> None:
        """Leads made now, or kept; a table each."""
        self.tables |= tables
        self.counts |= {rule: self._where.count(table) for rule, table in tables.items()}

    def lay_for_others(self, rules: Sequence[Rule]) -> None:
        """Make `found_lead`, which rules may read: rule, subject, certainty, severity, title.

        Leads about villages are left out; restricted ones too: another rule would tell of them.
        """
        told = [
            f"select rule, subject, certainty, severity, '{rule.head.zh}' as title from {self.tables[rule.head.id]}"
            for rule in rules
            if rule.head.id in self.tables and rule.head.about == "child" and not rule.head.restricted
        ]
        if told:
            self._where.table("found_lead", " union all ".join(told))
        else:
            self._where.lay("found_lead", FOR_OTHERS, [])

    def query(self, db: Duck) -> str:
        """SQL of DuckDB: all leads."""
        if isinstance(self._where, Spark):
            for table in self.tables.values():
                self._where.bring(table, db, leads.COLUMNS)
        if not self.tables:
            db.lay("no_lead", leads.COLUMNS, [])
        columns = ", ".join(leads.COLUMNS)
        return " union all ".join(f"select {columns} from {table}" for table in self.tables.values() or ("no_lead",))
