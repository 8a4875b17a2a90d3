// What lies on the phone: IndexedDB, and the key that opens it. Everything about a person is AES-GCM under one data key;
// that key is wrapped by a key made of the PIN *and* a device key that scripts cannot read out.
// All crypto is awaited before a transaction is opened: an await in between would commit it too early.
import { openDB, type IDBPDatabase } from 'idb'

export type Sealed = { iv: Uint8Array; ct: ArrayBuffer }
export type Stores = 'meta' | 'outbox' | 'blob' | 'draft' | 'pack'
export const TRIES = 5

const text = new TextEncoder()
const words = new TextDecoder()
let opened: Promise<IDBPDatabase> | undefined
let key: CryptoKey | undefined
let vault = ''

export const db = (): Promise<IDBPDatabase> =>
  (opened ??= openDB('hutong', 1, {
    upgrade(base) {
      base.createObjectStore('outbox', { keyPath: 'op' })
      for (const name of ['meta', 'blob', 'draft', 'pack']) base.createObjectStore(name)
    },
    terminated: () => (opened = undefined),
  }))

/** One transaction that is on disk when the promise resolves. */
export async function write(stores: Stores[], work: (t: any) => unknown): Promise<void> {
  const t = (await db()).transaction(stores, 'readwrite', { durability: 'strict' })
  try {
    await work(t)
  } catch (problem) {
    try { t.abort() } catch { /* already over */ }
    t.done.catch(() => undefined)
    throw problem
  }
  await t.done
}
export const meta = async (name: string): Promise<any> => (await db()).get('meta', name)
export const setMeta = (name: string, value: unknown): Promise<void> => write(['meta'], (t) => t.objectStore('meta').put(value, name))

export const random = (size: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(size))
export const unlocked = (): boolean => !!key
export const vaultId = (): string => vault
export const hasVault = async (): Promise<boolean> => !!(await meta('vault'))
export const lock = (): void => { key = undefined }

async function wrapping(pin: string, salt: BufferSource, iterations: number, device: CryptoKey): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', text.encode(pin), 'PBKDF2', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, base, 256)
  const both = await crypto.subtle.sign('HMAC', device, bits) // without the device key no PIN can be tried
  return crypto.subtle.importKey('raw', both, 'AES-GCM', false, ['wrapKey', 'unwrapKey'])
}

/** A new data key under a new PIN. What lay under an old one stays, sealed to the server, until it is sent. */
export async function setUp(pin: string, iterations = 600_000): Promise<void> {
  const device = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const salt = random(16), iv = random(12)
  const data = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
  const wrapped = await crypto.subtle.wrapKey('raw', data, await wrapping(pin, salt, iterations, device), { name: 'AES-GCM', iv })
  const id = Array.from(random(8), (b) => b.toString(16)).join('')
  await write(['meta', 'draft', 'pack'], (t) => {
    t.objectStore('meta').put({ id, device, salt, iv, wrapped, iterations, tries: 0 }, 'vault')
    t.objectStore('draft').clear()
    t.objectStore('pack').clear()
  })
  await unlock(pin)
}

/** How many tries are left before one must sign in online. */
export const triesLeft = async (): Promise<number> => TRIES - ((await meta('vault'))?.tries || 0)

/** Opens the store; false for a wrong PIN. The try is counted before it is made, so that a reload is no way round. */
export async function unlock(pin: string): Promise<boolean> {
  const found = await meta('vault')
  if (!found || found.tries >= TRIES) return false
  await setMeta('vault', { ...found, tries: found.tries + 1 })
  try {
    const by = await wrapping(pin, found.salt, found.iterations, found.device)
    key = await crypto.subtle.unwrapKey('raw', found.wrapped, by, { name: 'AES-GCM', iv: found.iv }, 'AES-GCM', false, ['encrypt', 'decrypt'])
  } catch {
    return false
  }
  vault = found.id
  await setMeta('vault', { ...found, tries: 0 })
  return true
}
/** After an online sign-in the PIN may be tried again. */
export async function allowTries(): Promise<void> {
  const found = await meta('vault')
  if (found) await setMeta('vault', { ...found, tries: 0 })
}

export class Locked extends Error {}
function data(): CryptoKey {
  if (!key) throw new Locked('locked')
  return key
}
/** Encrypted for this phone; `about` (the record's id) is bound in, so that records cannot be swapped. */
export async function seal(value: BufferSource, about: string): Promise<Sealed> {
  const iv = random(12)
  return { iv, ct: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: text.encode(about) }, data(), value) }
}
export const open = (sealed: Sealed, about: string): Promise<ArrayBuffer> =>
  crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv as BufferSource, additionalData: text.encode(about) }, data(), sealed.ct)
export const sealValue = (value: unknown, about: string): Promise<Sealed> => seal(text.encode(JSON.stringify(value)), about)
export const openValue = async (sealed: Sealed, about: string): Promise<any> => JSON.parse(words.decode(await open(sealed, about)))

export const base64 = (bytes: ArrayBuffer | Uint8Array): string => {
  let out = ''
  for (const byte of new Uint8Array(bytes as ArrayBuffer)) out += String.fromCharCode(byte)
  return btoa(out)
}
export type ForServer = { key: string; epk: JsonWebKey; iv: string; data: string }
export type ServerKey = { id: string; jwk: JsonWebKey }

/** Encrypted for the server alone: ECDH P-256, HKDF-SHA256, AES-256-GCM. Nobody can read it on the phone again. */
export async function sealForServer(value: unknown, server: ServerKey): Promise<ForServer> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const { crv, kty, x, y } = server.jwk
  const theirs = await crypto.subtle.importKey('jwk', { crv, kty, x, y }, curve, false, [])
  const ours = await crypto.subtle.generateKey(curve, true, ['deriveBits'])
  const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs } as any, ours.privateKey, 256)
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: text.encode('hutong-outbox-1') }
  const once = await crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  const iv = random(12)
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, once, text.encode(JSON.stringify(value)))
  const epk = await crypto.subtle.exportKey('jwk', ours.publicKey)
  return { key: server.id, epk: { kty: epk.kty, crv: epk.crv, x: epk.x, y: epk.y }, iv: base64(iv), data: base64(ct) }
}

/** A picture lies once, under a key of its own; that key lies twice: for this phone, and sealed to the server. */
export type Parcel = Sealed & { mine?: Sealed; forServer?: ForServer | null }
/** What came back of a picture whose store was lost: as the server opens it, and nobody else. */
export type Returned = { posted: ArrayBuffer }

export async function pack(value: BufferSource, about: string): Promise<Parcel> {
  const server: ServerKey | undefined = await meta('server_key')
  const raw = random(32), iv = random(12)
  const once = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: text.encode(about) }, once, value)
  const forServer = server ? await sealForServer({ key: base64(raw) }, server) : null
  return { iv, ct, mine: await seal(raw, 'key:' + about), forServer }
}
/** What is in a parcel, under the PIN it was made with; an older app sealed pictures under the data key itself. */
export async function unpack(parcel: Parcel, about: string): Promise<ArrayBuffer> {
  if (!parcel.mine) return open(parcel, about)
  const once = await crypto.subtle.importKey('raw', await open(parcel.mine, 'key:' + about), 'AES-GCM', false, ['decrypt'])
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: parcel.iv as BufferSource, additionalData: text.encode(about) }, once, parcel.ct)
}
/** A parcel as the server opens it: mark, length of the head, head, encrypted picture. Null for one not sealed to it. */
export async function posted(parcel: Parcel | Returned): Promise<ArrayBuffer | null> {
  if ('posted' in parcel) return parcel.posted
  if (!parcel.forServer) return null
  const head = text.encode(JSON.stringify({ iv: base64(parcel.iv), letter: parcel.forServer }))
  const size = new Uint8Array(4)
  new DataView(size.buffer).setUint32(0, head.length)
  return new Response(new Blob([text.encode('HTP1'), size, head, parcel.ct])).arrayBuffer()
}

/** A revoked device: what it knew of children goes; unsent work stays, readable by the server only. `leaves`: its owner goes too. */
export async function wipe(leaves = false): Promise<void> {
  await write(['meta', 'pack', 'draft', 'outbox'], async (t) => {
    t.objectStore('pack').clear()
    t.objectStore('draft').clear()
    for (const name of leaves ? ['vault', 'device', 'owner', 'supervisor'] : ['vault']) t.objectStore('meta').delete(name)
    for (const row of await t.objectStore('outbox').getAll()) t.objectStore('outbox').put({ ...row, iv: null, ct: null, vault: '' })
  })
  lock()
}
