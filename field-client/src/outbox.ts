// The outbox on disk. An operation leaves it only when the server has answered for it; an answered one stays as a receipt.
import * as copies from './copies.ts'
import * as drafts from './drafts.ts'
import { day, iso, uuid7 } from './ids.ts'
import * as store from './store.ts'

export type Operation = { op: string; seq?: number; kind: string; at: string; base: number | null; body: any }
export type State = 'queued' | 'rejected' | 'done' | 'mended'
export type Row = {
  op: string; seq: number; state: State; at: number; vault: string; blobs: string[]
  iv: Uint8Array | null; ct: ArrayBuffer | null; forServer: store.ForServer | null
  reason?: string; receipt?: string; review?: boolean; answeredAt?: number; urgent?: boolean; newcomer?: boolean; later?: number
}
/** What the person sees of a row: which work, and about whom. Lies encrypted beside the operation. */
export type Content = { operation: Operation; title: string; who: string; draft?: any }
const RECEIPT_DAYS = 30

export function operation(kind: string, body: any, base: number | null = null, op = uuid7()): Operation {
  return { op, kind, at: iso(), base, body }
}

/** The kind, op and body are the same whether the server reads them plainly or unseals them. */
const plain = ({ op, kind, at, base, body }: Operation) => ({ op, kind, at, base, body })

export type Save = { content: Content; blobs: string[]; draft?: string; mends?: string }

/** Puts several operations on disk at once (siblings of one visit): all or none. Resolves when they are on disk. */
export async function save(all: Save[]): Promise<void> {
  const server = await store.meta('server_key')
  const rows: Row[] = []
  for (const { content, blobs } of all) {
    const op = content.operation.op
    const forServer = server ? await store.sealForServer(plain(content.operation), server) : null
    const mine = store.unlocked() ? await store.sealValue(content, 'op:' + op) : { iv: null, ct: null }
    if (!mine.ct && !forServer) throw new Error('这部手机还没有联网登记过，不能加密保存。请直接打电话报告。')
    const urgent = content.operation.kind === 'report', newcomer = content.operation.kind === 'child_new'
    rows.push({ op, seq: 0, state: 'queued', at: Date.now(), vault: mine.ct ? store.vaultId() : '', blobs, ...mine, forServer, urgent, newcomer })
  }
  await store.write(['outbox', 'draft', 'meta'], async (t) => {
    let seq: number = (await t.objectStore('meta').get('seq')) || 0
    for (const row of rows) {
      row.seq = ++seq
      t.objectStore('outbox').put(row)
    }
    t.objectStore('meta').put(seq, 'seq')
    for (const { draft, mends } of all) {
      if (draft) t.objectStore('draft').delete(draft)
      const old = mends && (await t.objectStore('outbox').get(mends))
      if (old) t.objectStore('outbox').put({ ...old, state: 'mended', answeredAt: Date.now() })
    }
  })
  await copies.briefly(Promise.all(rows.map(copies.keep))) // the next start makes what is missing
}

const pending = (row: Row): boolean => row.state === 'queued' || row.state === 'rejected'

/**
 * Brings the outbox and its copies in line: what only the copies know is unsent work of a store that was thrown away, and comes back
 * as letters. Copies are read first, as each was made after its row: so none looks lost that another tab is just saving.
 */
export async function tend(): Promise<void> {
  const there = await copies.held()
  const known = new Set((await rows()).map((row) => row.op))
  await restore(there.ops.filter((op) => !known.has(op)))
  const open = await unsent(), needed = new Set(open.reduce<string[]>((all, row) => all.concat(row.blobs), []))
  for (const row of open) if (!there.ops.includes(row.op)) await copies.keep(row)
  await copies.forget(there.ops.filter((op) => !open.some((row) => row.op === op)), there.pictures.filter((id) => !needed.has(id)))
}
async function restore(ops: string[]): Promise<void> {
  const found = (await Promise.all(ops.map(copies.get))).filter((copy) => !!copy).sort((a, b) => a.row.seq - b.row.seq)
  if (!found.length) return
  const { device, owner, row: last } = found[found.length - 1]
  const pictures: [string, ArrayBuffer | null][] = []
  for (const { row } of found) for (const id of row.blobs) pictures.push([id, await copies.picture(id)])
  await store.write(['outbox', 'blob', 'meta'], async (t) => {
    const meta = t.objectStore('meta')
    for (const [id, posted] of pictures) if (posted && !(await t.objectStore('blob').get(id))) t.objectStore('blob').put({ posted }, id)
    for (const { row } of found) if (!(await t.objectStore('outbox').get(row.op))) t.objectStore('outbox').put(row)
    meta.put(Math.max(last.seq, (await meta.get('seq')) || 0), 'seq')
    if (device && !(await meta.get('device'))) meta.put(device, 'device')
    if (owner && !(await meta.get('owner'))) meta.put(owner, 'owner')
    meta.put(found.length, 'restored')
  })
}

export async function rows(): Promise<Row[]> {
  const all: Row[] = await (await store.db()).getAll('outbox')
  return all.sort((a, b) => a.seq - b.seq)
}
/** Everything the server has not taken in: waiting, or set apart. */
export const unsent = async (): Promise<Row[]> => (await rows()).filter(pending)

/** What is in a row, if this phone may still read it. */
export async function read(row: Row): Promise<Content | null> {
  if (!row.ct || !row.iv || !store.unlocked() || row.vault !== store.vaultId()) return null
  return store.openValue({ iv: row.iv, ct: row.ct }, 'op:' + row.op).catch(() => null)
}

/** Changes rows; photos of a row that the server has taken in go with it, unless another row still needs them. */
export async function change(changes: Record<string, Partial<Row>>): Promise<void> {
  const over: Row[] = [], needed = new Set<string>()
  await store.write(['outbox', 'blob'], async (t) => {
    const all: Row[] = await t.objectStore('outbox').getAll()
    const now = all.map((row) => ({ ...row, ...changes[row.op] }))
    for (const row of now) if (changes[row.op]) t.objectStore('outbox').put(row)
    for (const row of now) if (pending(row)) row.blobs.forEach((id) => needed.add(id))
    over.push(...now.filter((row) => changes[row.op] && !pending(row)))
    for (const row of over) if (row.state === 'done') row.blobs.forEach((id) => needed.has(id) || t.objectStore('blob').delete(id))
  })
  const pictures = over.reduce<string[]>((all, row) => all.concat(row.blobs), []).filter((id) => !needed.has(id))
  await copies.briefly(copies.forget(over.map((row) => row.op), pictures)) // the next start takes away what is left
}

/** Old receipts go after a month; unsent work never. */
export async function prune(): Promise<void> {
  const before = Date.now() - RECEIPT_DAYS * 86400e3
  await store.write(['outbox'], async (t) => {
    for (const row of await t.objectStore('outbox').getAll())
      if ((row.state === 'done' || row.state === 'mended') && row.answeredAt < before) t.objectStore('outbox').delete(row.op)
  })
}

/** Takes a refused record off the list because its owner says so; it stays readable here as long as a receipt does. */
export const putAway = (op: string): Promise<void> => change({ [op]: { state: 'mended', answeredAt: Date.now() } })

/** A file with all unsent work, readable by the server only. */
export async function exportFile(): Promise<void> {
  const device = await store.meta('device')
  const rows = (await unsent()).filter((row) => row.forServer)
  const operations = rows.map((row) => ({ op: row.op, seq: row.seq, kind: 'sealed', at: iso(new Date(row.at)), body: row.forServer }))
  const pictures = []
  for (const id of rows.reduce<string[]>((all, row) => all.concat(row.blobs), [])) {
    const bytes = await drafts.postedBlob(id)
    if (bytes) pictures.push({ id, data: store.base64(bytes) })
  }
  const file = new Blob([JSON.stringify({ v: 1, device: device?.id, operations, pictures })], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `护童-未上传-${day()}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10e3)
}
