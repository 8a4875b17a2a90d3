// Sending the outbox: in order, one queue, one back-off, one tab at a time. A bad operation is set apart; it blocks nobody.
import * as drafts from './drafts.ts'
import { iso } from './ids.ts'
import { Answer, call, register, state } from './network.ts'
import * as outbox from './outbox.ts'
import type { Operation, Row } from './outbox.ts'
import * as store from './store.ts'

const BATCH = 20
const LONGEST = 300e3, ASK_AGAIN = 60e3
const LARGEST = 400_000 // bytes of a request's operations: below what the server reads at once
const CHUNK = 256 * 1024
const LATER = ['fault', 'child_waits', 'kind'] // nothing to mend: the server asks to be asked again
let busy = false, failures = 0, pausedUntil = 0, news = false
/** Whether the server has taken work in since this was last asked: then the pack is out of date. */
export const tookNews = (): boolean => { const was = news; news = false; return was }
export const retryNow = (): void => { pausedUntil = 0 }
/** How long it still waits by itself, milliseconds. A clock that was put back makes nobody wait longer than was meant. */
const left = (until: number, most: number): number => { const ms = until - Date.now(); return ms > most ? 0 : Math.max(0, ms) }
export const waits = (): number => left(pausedUntil, LONGEST)

/** Sends what can be sent now. Never throws; what went wrong is in network.state and in the rows. */
export async function send(changed: () => void): Promise<void> {
  if (busy || waits() || state.revoked) return
  busy = true
  try {
    const locks = (navigator as any).locks
    if (locks) await locks.request('hutong-send', { ifAvailable: true }, (mine: any) => mine && empty(changed))
    else await empty(changed)
  } catch {
    backOff()
  } finally {
    busy = false
    changed()
  }
}
function backOff(): void {
  pausedUntil = Date.now() + Math.min(LONGEST, 2e3 * 2 ** failures++) * (0.5 + Math.random() / 2)
}

async function empty(changed: () => void): Promise<void> {
  let size = BATCH
  for (;;) {
    const waiting = (await outbox.rows()).filter((row) => row.state === 'queued' && !left(row.later || 0, ASK_AGAIN))
    const ready = await prepare(waiting, size)
    if (!ready.length) return
    const taken = await batch(ready)
    if (!taken && ready.length === 1) return backOff()
    if (!taken) size = 1 // one of them is refused as a whole: find it
    else failures = 0
    changed()
  }
}

/** The next operations in order, as many as fit one request. What is too large by itself is set apart. */
async function prepare(waiting: Row[], size: number): Promise<{ row: Row; operation: any }[]> {
  const ready: { row: Row; operation: any }[] = []
  let bytes = 0
  for (const row of waiting) {
    if (ready.length === size) break
    const operation = await readable(row)
    if (!operation) continue
    const its = new Blob([JSON.stringify(operation)]).size
    if (its > LARGEST) await outbox.change({ [row.op]: { state: 'rejected', reason: '写得太长，传不上去。请改短一些再保存。' } })
    else if ((bytes += its) > LARGEST) break
    else ready.push({ row, operation })
  }
  return ready
}
/** Plain, or sealed when it can't be opened here. Nothing for one that waits for the PIN: only an urgent report was sealed at once. */
async function readable(row: Row): Promise<any> {
  const content = await outbox.read(row)
  if (content) return { ...content.operation, seq: row.seq }
  if (row.ct && !store.unlocked()) return null
  if (row.forServer) return sealed(row)
  await outbox.change({ [row.op]: { state: 'rejected', reason: '这条记录在本机打不开了，请重新登记。' } })
  return null
}
const sealed = (row: Row) => ({ op: row.op, seq: row.seq, kind: 'sealed', at: iso(new Date(row.at)), base: null, body: row.forServer })

/** True when the server has answered for at least one operation. */
async function batch(ready: { row: Row; operation: Operation }[]): Promise<boolean> {
  const device = await register()
  const whole: typeof ready = []
  for (const one of ready) {
    const refused = await blobs(one.row, device)
    if (!refused) whole.push(one)
    else await outbox.change({ [one.row.op]: { state: 'rejected', reason: refused } })
  }
  if (!whole.length) return true
  try {
    const unsent = (await outbox.unsent()).length
    const answer = await call('POST', 'operations', { device, v: 1, clock: iso(), unsent, operations: whole.map((one) => one.operation) })
    return await take(answer.results || [])
  } catch (problem) {
    return refusedAsWhole(problem, whole.map((one) => one.row))
  }
}

async function refusedAsWhole(problem: any, rows: Row[]): Promise<boolean> {
  const its = problem instanceof Answer
  if (its && problem.data.results) return take(problem.data.results) // 409: the answer is by operation
  const wait = !its || problem.status >= 500 || [401, 403, 408, 429].includes(problem.status) || problem.code === 'version'
  if (wait) throw problem
  if (rows.length > 1) return false
  await outbox.change({ [rows[0].op]: { state: 'rejected', reason: problem.message } })
  return true
}

async function take(results: any[]): Promise<boolean> {
  const changes: Record<string, Partial<Row>> = {}
  for (const { op, status, reason, receipt } of results) {
    const answered = { answeredAt: Date.now(), receipt: receipt || undefined }
    if (status === 'rejected' && LATER.includes(reason?.code)) changes[op] = { later: Date.now() + ASK_AGAIN, reason: reason.message }
    else if (status === 'rejected') changes[op] = { ...answered, state: 'rejected', reason: reason?.message || '服务器没有收下，请看一看再报。' }
    else if (['applied', 'duplicate', 'needs_review'].includes(status)) news = true, changes[op] = { ...answered, state: 'done', review: status === 'needs_review', reason: reason?.message }
  }
  if (Object.keys(changes).length) await outbox.change(changes)
  return Object.keys(changes).length > 0
}

/** Photos first, in pieces, going on where the server stands. A sentence when one is refused for good. */
async function blobs(row: Row, device: string): Promise<string> {
  for (const id of row.blobs) {
    const bytes = (await drafts.postedBlob(id)) || (await drafts.blob(id)) // the same bytes every time, whatever becomes of the PIN meanwhile
    if (!bytes) continue // sent with an earlier operation
    try {
      await blob(id, bytes, device)
    } catch (problem) {
      const its = problem instanceof Answer && problem.status < 500 && ![401, 403, 408, 429].includes(problem.status)
      if (!its) throw problem
      return '照片没有传上去：' + (problem as Answer).message
    }
  }
  return ''
}

async function blob(id: string, bytes: ArrayBuffer, device: string): Promise<void> {
  const digest = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (b) => b.toString(16).padStart(2, '0')).join('')
  const where = `blobs/${id}?device=${device}`
  let at = await call('GET', where).catch((problem) => {
    if (problem instanceof Answer && problem.status === 404) return { received: 0, whole: false }
    throw problem
  })
  for (let turns = 0, again = 0; !at.whole && turns < 200 && again < 3; turns++) {
    const sent = at.received, piece = bytes.slice(at.received, at.received + CHUNK)
    at = await call('PUT', `${where}&offset=${at.received}&total=${bytes.byteLength}&sha256=${digest}`, piece).catch((problem) => {
      if (problem instanceof Answer && problem.code === 'offset') return { received: problem.data.received, whole: false }
      throw problem
    })
    if (sent > 0 && at.received === 0) again++ // it came there damaged: from the beginning once more
  }
  if (!at.whole) throw new Error('blob does not end')
}
