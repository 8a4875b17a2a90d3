# ruff: noqa: E501
"""Faults put into the app or the server on purpose: the schedules must catch each, or they prove nothing.

`needs`: a step that the schedules tried must have, to save time; empty for any.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.phone.stage import Edits

INTAKE, BLOBS = "hutong/exchange/field/intake.py", "hutong/exchange/field/blobs.py"


@dataclass(frozen=True)
class Mutant:
    """A sentence about what no longer holds, and the texts replaced for it."""

    says: str
    edits: Edits
    needs: str = ""
    server: bool = False
    stuck: bool = False  # it shows as work that is never sent; with others a slow machine is not mistaken for it

    def __str__(self) -> str:
        return self.says


APP = [
    Mutant(
        "a save is not asked of the disk",
        [("store.ts", "{ durability: 'strict' }", "{ durability: 'relaxed' }")],
    ),
    Mutant(
        "a save is called done before it is on disk",
        [
            (
                "store.ts",
                "    throw problem\n  }\n  await t.done\n}",
                "    throw problem\n  }\n  t.done.catch(() => undefined)\n}",
            )
        ],
        needs="disk",
    ),
    Mutant(
        "an operation leaves the outbox before the server has answered",
        [
            (
                "sending.ts",
                "    const unsent = (await outbox.unsent()).length\n",
                "    const unsent = (await outbox.unsent()).length\n    for (const { row } of whole) await outbox.change({ [row.op]: { state: 'done' } })\n",
            )
        ],
        needs="lose",
    ),
    Mutant(
        "an operation gets another id when it is sent again",
        [
            (
                "sending.ts",
                "  if (wait) throw problem",
                "  if (wait) {\n    for (const { op } of rows) await store.write(['outbox'], async (t) => { const old = await t.objectStore('outbox').get(op); t.objectStore('outbox').delete(op); t.objectStore('outbox').put({ ...old, op: crypto.randomUUID(), ct: null }) })\n    throw problem\n  }",
            )
        ],
        needs="deaf",
    ),
    Mutant(
        "the newest is sent first",
        [("outbox.ts", "all.sort((a, b) => a.seq - b.seq)", "all.sort((a, b) => b.seq - a.seq)")],
    ),
    Mutant(
        "the order is forgotten where the clock was put back",
        [
            (
                "outbox.ts",
                "let seq: number = (await t.objectStore('meta').get('seq')) || 0",
                "let seq: number = Math.floor(Date.now() / 1000)",
            )
        ],
        needs="clock",
    ),
    Mutant(
        "a refused record stays in the queue",
        [
            (
                "sending.ts",
                "else if (status === 'rejected') changes[op] = { ...answered, state: 'rejected',",
                "else if (status === 'rejected') changes[op] = { ...answered, state: 'queued',",
            )
        ],
        needs="bad",
        stuck=True,
    ),
    Mutant(
        "a refused record counts as sent",
        [
            (
                "sending.ts",
                "else if (status === 'rejected') changes[op] = { ...answered, state: 'rejected',",
                "else if (status === 'rejected') changes[op] = { ...answered, state: 'done',",
            )
        ],
        needs="bad",
    ),
    Mutant(
        "the page of a hotspot counts as a refusal",
        [
            (
                "network.ts",
                "if (!state.online) throw new Error('not our server')",
                "if (!state.online) throw new Answer(answer.status, 'http', '没有收下。')",
            )
        ],
        needs="portal",
    ),
    Mutant(
        "the page of a hotspot counts as sent",
        [
            (
                "network.ts",
                "if (!state.online) throw new Error('not our server')",
                "if (!state.online) return { received: 0, results: ((body as any)?.operations || []).map((one: any) => ({ op: one.op, status: 'applied' })) }",
            )
        ],
        needs="portal",
    ),
    Mutant(
        "nothing is sealed to the server",
        [
            (
                "outbox.ts",
                "const forServer = server ? await",
                "const forServer = server && (server as any).never ? await",
            )
        ],
        needs="new_pin",
    ),
    Mutant(
        "a picture begins again at every piece",
        [("sending.ts", "bytes.slice(at.received, at.received + CHUNK)", "bytes.slice(0, CHUNK)")],
        needs="photo",
        stuck=True,
    ),
    Mutant(
        "words go without their pictures",
        [
            (
                "sending.ts",
                "      await blob(id, bytes, device)\n",
                "      void blob(id, bytes, device).catch(() => 0)\n",
            )
        ],
        needs="blob_lose",
    ),
    Mutant(
        "a clock that was put back makes the phone wait",
        [("sending.ts", "return ms > most ? 0 : Math.max(0, ms)", "return Math.max(0, ms)")],
        needs="clock",
    ),
    Mutant(
        "no letter is kept away from the store",
        [("copies.ts", "  if (!cache || !row.forServer) return\n", "  if (cache) return\n")],
        needs="wreck",
    ),
    Mutant(
        "what only the copies know does not come back",
        [("outbox.ts", "  if (!found.length) return\n", "  if (found.length) return\n")],
        needs="wreck",
    ),
]
SERVER = [
    Mutant(
        "an operation that comes again is a new one",
        [
            (INTAKE, "        sent = opened(read(item))\n", "        sent = opened(read(item))\n        from dataclasses import replace; from uuid import uuid4; sent = replace(sent, op=uuid4())\n"),
            (INTAKE, "        return _take(sent, device=device, clock=clock, by=by, at=at, scope=scope)", "        return {**_take(sent, device=device, clock=clock, by=by, at=at, scope=scope), 'op': op}"),
        ],
        needs="deaf", server=True,
    ),
    Mutant(
        "a request is taken from its end",
        [(INTAKE, "by=by, at=at, scope=scope) for item in items]", "by=by, at=at, scope=scope) for item in list(items)[::-1]]")],
        needs="together", server=True,
    ),
    Mutant(
        "what was answered as taken is not written",
        [(INTAKE, "        with transaction.atomic():\n            return kind.apply(body, context)", "        with transaction.atomic():\n            done = kind.apply(body, context)\n            transaction.set_rollback(True)\n            return done")],
        server=True,
    ),
    Mutant(
        "the pieces of a picture are put together from the end",
        [(BLOBS, 'row.parts.order_by("start")', 'row.parts.order_by("-start")')],
        needs="photo", server=True, stuck=True,
    ),
]  # fmt: skip
