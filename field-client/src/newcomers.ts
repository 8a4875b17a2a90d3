// Children met on this phone whom the pack doesn't hold yet: they can be visited at once, named by the operation that told of them.
import { operation, read, rows, type Row, type Save } from './outbox.ts'
import { current, meet, type Child } from './pack.ts'

/** Reads them from the outbox; a page asks for them before it paints. */
export async function load(): Promise<void> {
  const told = (await rows()).filter((row) => row.newcomer && row.state !== 'mended' && !inPack(row))
  const found = await Promise.all(told.map(async (row) => child(row, (await read(row))?.operation.body)))
  meet(found.filter((one): one is Child => !!one))
}
/** Taken in, and the pack is younger than that: from then on the child is in the list, or left it again. */
const inPack = (row: Row): boolean => row.state === 'done' && !!current() && current()!.synced > (row.answeredAt || 0)

function child(row: Row, body: any): Child | null {
  if (!body) return null
  const { guardian } = body
  const carers = guardian && guardian.name ? [{ name: guardian.name, relation: guardian.relation, phone: guardian.phone, carer: true, words: '刚登记' }] : []
  return { id: 'op:' + row.op, base: 0, name: body.name, sex: body.sex, birth_date: body.birth_date, address: '', attention: '', categories: [], carers, duties: [], visits: [], contacts: {} }
}

/** A mended newcomer has a new name: what waits for the old one is told again for the new one. */
export async function followers(old: string, now: string): Promise<Save[]> {
  const found: Save[] = []
  for (const row of await rows()) {
    const content = row.state === 'queued' || row.state === 'rejected' ? await read(row) : null
    if (!content || content.operation.body.child !== 'op:' + old) continue
    const { kind, body, base, at } = content.operation
    found.push({ content: { ...content, operation: { ...operation(kind, { ...body, child: 'op:' + now }, base), at } }, blobs: row.blobs, mends: row.op })
  }
  return found
}
