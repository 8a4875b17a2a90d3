// Unsent work a second time, away from IndexedDB: a browser that was killed while it wrote can find its whole store damaged at a
// later start, and throw it away (docs/threat-model-phone.md, 8). Letters to the server only; nobody can read them on the phone.
import type { Row } from './outbox.ts'
import * as store from './store.ts'

type Copy = { row: Row; device: any; owner: string | undefined }
const PATIENCE = 3e3 // milliseconds
const ROWS = '/m/copy/row/', PICTURES = '/m/copy/picture/'

/** Waits for work here so long and no longer: what is on disk is saved, and neither a page nor the sending waits for its copy. */
export const briefly = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work.catch(() => undefined), new Promise((done) => setTimeout(done, PATIENCE))])

/** The cache they lie in; the service worker's own are called hutong-…, and it tidies those. Null where a browser has none. */
const place = async (): Promise<Cache | null> => ('caches' in self ? caches.open('unsent') : null)

/** Puts a row's letter and its pictures there, over an older copy. */
export async function keep(row: Row): Promise<void> {
  const cache = await place()
  if (!cache || !row.forServer) return
  for (const id of row.blobs) {
    const parcel = await (await store.db()).get('blob', id)
    const bytes = parcel && (await store.posted(parcel))
    if (bytes) await cache.put(PICTURES + id, new Response(bytes))
  }
  const copy: Copy = { row: { ...row, vault: '', iv: null, ct: null }, device: await store.meta('device'), owner: await store.meta('owner') }
  await cache.put(ROWS + row.op, new Response(JSON.stringify(copy)))
}

/** The ids of all rows and of all pictures that lie there. */
export async function held(): Promise<{ ops: string[]; pictures: string[] }> {
  const cache = await place()
  const paths = cache ? (await cache.keys()).map((request) => new URL(request.url).pathname) : []
  const under = (folder: string) => paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length))
  return { ops: under(ROWS), pictures: under(PICTURES) }
}

/** What lies there of one row; undefined for one that was torn. */
export async function get(op: string): Promise<Copy | undefined> {
  const found = await (await place())?.match(ROWS + op)
  return found?.json().catch(() => undefined)
}

/** A picture as the server opens it. */
export async function picture(id: string): Promise<ArrayBuffer | null> {
  const found = await (await place())?.match(PICTURES + id)
  return found ? found.arrayBuffer() : null
}

/** Takes away what has arrived or was put away. */
export async function forget(ops: string[], pictures: string[]): Promise<void> {
  const cache = await place()
  for (const path of [...ops.map((op) => ROWS + op), ...pictures.map((id) => PICTURES + id)]) await cache?.delete(path)
}
