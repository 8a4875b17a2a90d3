"""Row security as migration operations: static policies that read the settings of `kernel.scope`.

The policy is the net; `Visible.visible_to` is the index. Each protected table states its key: the division of the
child's file, and, where they apply, an organisation, a subject (for grants) and a data domain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

# The widest range as two plain numbers decides nearly every row; only what lies outside is held to all that may open it, by a
# function: what a policy asks of the settings itself is made ready for every statement, asked or not (docs/adr/0013). The planner
# takes a CASE to let half the rows pass. Of `<@` alone it believed that next to none did, gave up the index that serves a
# list in order, and sorted a hundred thousand duties for a page of fifty: 155 ms instead of 1.
NEAR = "{0} >= (select hutong_low()) and {0} < (select hutong_high())"
PLACE = f"case when {NEAR} then true else {{0}} <@ (select hutong_ranges()) end"
ORGANISATION = "{0} = any((select hutong_orgs())::uuid[])"
SUBJECT = "{0} = any((select hutong_subjects())::uuid[])"
OWN = "{0} = (select hutong_user())"
# What opens a row that is not in the widest range; counted to be as cheap as the comparisons would be.
BEYOND = """
create or replace function hutong_beyond(division bigint, organisation uuid, subject uuid, own uuid) returns boolean
  language plpgsql stable parallel safe cost 1 as
$$ begin
  return division <@ hutong_ranges() or organisation = any(hutong_orgs()) or subject = any(hutong_subjects()) or own = hutong_user();
end $$
"""


class Protect(Operation):
    """Enable row security on a table and create its policies.

    `division`, `organisation`, `subject`, `own`: columns that open a row (any of them); `restricted`: the table has a
    column of that name whose rows the division alone does not open. `domain`: a data domain, or
    `domain_column`: the column that holds it; `write_domain`: where writing asks for another than reading. `also`: a further SQL condition that opens a row for reading.
    `insert`: overrides the condition for new rows. `delete`: whether the web may delete rows.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        table: str,
        *,
        division: str | None = "division",
        organisation: str | None = None,
        subject: str | None = None,
        own: str | None = None,
        restricted: bool = False,
        domain: str | None = None,
        domain_column: str | None = None,
        write_domain: str | None = None,
        also: str | None = None,
        insert: str | None = None,
        change: bool = True,
        delete: bool = False,
    ) -> None:
        self.table = table
        self.division, self.organisation, self.subject = division, organisation, subject
        self.own, self.restricted, self.write_domain = own, restricted, write_domain
        self.domain, self.domain_column, self.also, self.insert = domain, domain_column, also, insert
        self.change, self.delete = change, delete

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Row security is no part of Django's state."""

    def _opened(self, also: str | None = None) -> str:
        return self._placed(also) if self.division else self._personal(also)

    def _placed(self, also: str | None) -> str:
        free, place = (
            ("not restricted and ", "case when not restricted then division end")
            if self.restricted
            else ("", self.division)
        )
        keys = (self.organisation, self.subject, self.own)
        beyond = f"hutong_beyond({place}, {', '.join(column or 'null' for column in keys)})"
        others = f"{beyond} or {also}" if also else beyond
        return f"case when {free}{NEAR.format(self.division)} then true else {others} end"

    def _personal(self, also: str | None) -> str:
        ways = [(ORGANISATION, self.organisation), (SUBJECT, self.subject), (OWN, self.own)]
        opened = [template.format(column) for template, column in ways if column]
        return " or ".join([*opened, *([also] if also else [])]) or "false"

    def _domain(self, kind: str) -> str:
        if self.domain_column:
            return f" and {self.domain_column} = any((select hutong_{kind}())::text[])"
        domain = self.write_domain if kind == "writes" and self.write_domain else self.domain
        # Asked once a statement, not once a row.
        return f" and (select '{domain}' = any(hutong_{kind}()))" if domain else ""

    def statements(self) -> list[str]:
        """The DDL, in order."""
        return [BEYOND, f"alter table {self.table} enable row level security", *self.policies()]

    def drops(self) -> list[str]:
        """The DDL that takes away what `policies` makes, as far as it is there."""
        names = ["read", "add", "all", "change", *(["delete"] if self.delete else [])]
        return [f"drop policy if exists {self.table}_{name} on {self.table}" for name in names]

    def policies(self) -> list[str]:
        """The DDL of the policies alone."""
        table, opened = self.table, self._opened()
        read = f"({self._opened(self.also)}){self._domain('reads')}"
        write = f"({opened}){self._domain('writes')}"
        lines = [
            f"create policy {table}_read on {table} for select using ({read})",
            f"create policy {table}_add on {table} for insert with check ({self.insert or write})",
            f"create policy {table}_all on {table} to hutong_loader using (true) with check (true)",
        ]
        if self.change:
            lines.append(f"create policy {table}_change on {table} for update using ({write}) with check ({write})")
        if self.delete:
            lines.append(f"create policy {table}_delete on {table} for delete using ({write})")
        return lines

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the policies."""
        for line in self.statements():
            schema_editor.execute(line)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop them again."""
        for line in self.drops():
            schema_editor.execute(line)
        schema_editor.execute(f"alter table {self.table} disable row level security")

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Protect {self.table} by row security"


class ProtectHistory(Protect):
    """Protect a pghistory table like its subject, and let the database itself note who changed the row and why."""

    def __init__(self, table: str, **options: Any) -> None:
        super().__init__(table, change=False, insert="true", **options)

    def statements(self) -> list[str]:
        """The policies, and two columns that default to the settings of the transaction."""
        return [
            f"alter table {self.table} add column if not exists by_user uuid default nullif(current_setting('hutong.user', true), '')::uuid",
            f"alter table {self.table} add column if not exists by_purpose text default current_setting('hutong.purpose', true)",
            *super().statements(),
        ]


class Again(Protect):
    """The policies of a protected table, made anew with other conditions."""

    def statements(self) -> list[str]:
        """Drop what `Protect` made, then make it again."""
        return [*self.drops(), *super().statements()]

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Protect {self.table} anew by row security"


class Renew(Operation):
    """Make every table's policies anew from what the migrations before this one say: the templates above have changed.

    `name`: of the migration it stands in. `but`: tables whose policies a migration wrote by hand. A new database is left as it is.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, *, but: tuple[str, ...] = ()) -> None:
        self.name, self.but = name, but

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Row security is no part of Django's state."""

    def _said(self, app_label: str) -> Iterator[Protect | Shut]:
        """Each table's last words: what opens it, and what shuts it."""
        graph = MigrationLoader(None).graph
        operations = (one for key in graph.forwards_plan((app_label, self.name)) for one in graph.nodes[key].operations)
        found = {(one.table, isinstance(one, Shut)): one for one in operations if isinstance(one, Protect | Shut)}
        yield from (one for (table, shuts), one in found.items() if shuts or table not in self.but)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop and create, in the migration's transaction."""
        schema_editor.execute(BEYOND)
        for one in self._said(app_label):
            for line in [*one.drops(), *one.policies()]:
                schema_editor.execute(line)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """What the templates made before says the same more slowly: nothing to undo."""

    def describe(self) -> str:
        """For `migrate --plan`."""
        return "Make all row security policies anew"


class Shut(Operation):
    """Close whatever hangs on a restricted file to all who hold no grant, over and above every other policy.

    `columns`: ids of the file, the child or a relative that the row is about. `reading`: close it to readers only, for
    tables that anybody writes in his own name. `own`: a column that keeps a row open to the user it names.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *columns: str, reading: bool = False, own: str | None = None) -> None:
        self.table, self.columns, self.reading, self.own = table, columns, reading, own

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Row security is no part of Django's state."""

    def drops(self) -> list[str]:
        """The DDL that takes the policy away."""
        return [f"drop policy if exists {self.table}_shut on {self.table}"]

    def policies(self) -> list[str]:
        """The DDL of a restrictive policy: no row passes that hangs on a file of the list told with the scope."""
        clear = " and ".join(
            f"({name} is null or {name} <> all((select hutong_shut())::uuid[]))" for name in self.columns
        )
        own = f"{self.own} = (select hutong_user()) or " if self.own else ""
        kind = "for select " if self.reading else ""
        head = f"create policy {self.table}_shut on {self.table} as restrictive {kind}to hutong_web, hutong_worker"
        return [f"{head} using ({own}{clear})"]

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the policy."""
        for line in self.policies():
            schema_editor.execute(line)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop it."""
        for line in self.drops():
            schema_editor.execute(line)

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Shut restricted rows of {self.table}"


class Follow(Operation):
    """Keep a row's division equal to that of what it belongs to: a composite key that the database itself updates.

    Moving a child is then one update of the person; files, visits, duties and tokens follow.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table, self.column, self.target = table, column, target

    def state_forwards(self, app_label: str, state: Any) -> None:
        """A composite key is no part of Django's state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the key."""
        schema_editor.execute(
            f"alter table {self.table} add constraint {self.table}_{self.column}_follows foreign key ({self.column}, division)"
            f" references {self.target} (id, division) on update cascade deferrable initially deferred"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop it."""
        schema_editor.execute(f"alter table {self.table} drop constraint {self.table}_{self.column}_follows")

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Let {self.table} follow {self.target}"
