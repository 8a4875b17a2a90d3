// Talking to the server. Whether there is a network is judged by answers, never by navigator.onLine.
import { iso, uuid7 } from './ids.ts'
import * as store from './store.ts'

export class Answer extends Error {
  constructor(readonly status: number, readonly code: string, sentence: string, readonly data: any = {}) { super(sentence) }
}
export const state = { online: true, signedOut: false, revoked: false }
let csrf = ''

/** JSON of an answer; throws Answer for a refusal, and whatever fetch throws when nothing answered. */
export async function call(method: string, path: string, body?: unknown, tries = 1): Promise<any> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-CSRFToken'] = csrf || (await hello()).csrf
  const raw = body instanceof ArrayBuffer
  if (body !== undefined) headers['Content-Type'] = raw ? 'application/octet-stream' : 'application/json'
  const stop = typeof AbortController === 'function' ? new AbortController() : undefined
  const timer = setTimeout(() => stop?.abort(), 60e3)
  let answer: Response, data: any
  try {
    const content = body === undefined ? undefined : raw ? (body as ArrayBuffer) : JSON.stringify(body)
    answer = await fetch('/field/v1/' + path, { method, headers, body: content, credentials: 'same-origin', cache: 'no-store', signal: stop?.signal })
    data = await answer.json().catch(() => null) // within the time limit too: a line may die in the middle of an answer
  } catch (problem) {
    state.online = false
    throw problem
  } finally {
    clearTimeout(timer)
  }
  state.online = !!data && (answer.ok || !!data.code)
  if (!state.online) throw new Error('not our server') // a hotspot's page, a proxy's error: no network, and nobody's refusal
  if (answer.ok) {
    state.signedOut = false
    return data
  }
  return refused(answer.status, data, () => call(method, path, body, tries - 1), tries)
}

async function refused(status: number, data: any, again: () => Promise<any>, tries: number): Promise<any> {
  if (status === 401) state.signedOut = true
  if (data.code === 'revoked') {
    state.revoked = true
    await store.wipe()
  } else if (status === 403 && tries > 0) { // a new session has a new token
    csrf = ''
    return again()
  }
  throw new Answer(status, data.code, data.message || '服务器没有收下。', data)
}

export async function hello(): Promise<any> {
  const found = await call('GET', 'hello')
  csrf = found.csrf
  if (found.server_key && (await store.meta('server_key'))?.id !== found.server_key.id) await store.setMeta('server_key', found.server_key)
  if (found.supervisor) await store.setMeta('supervisor', found.supervisor) // an office's number: dialled without the PIN too
  return found
}

export const inWeChat = (): boolean => /MicroMessenger/i.test(navigator.userAgent)

/** This phone's name for the server, made once; its answer brings the key that unsent work is sealed to. */
export async function register(): Promise<string> {
  let device = await store.meta('device')
  if (!device) await store.write(['meta'], async (t) => { // in one transaction: two tabs at once choose one name
    device = (await t.objectStore('meta').get('device')) || { id: uuid7() }
    t.objectStore('meta').put(device, 'device')
  })
  if (device.registered && (await store.meta('server_key'))) return device.id
  const kind = inWeChat() ? 'wechat' : 'browser'
  const found = await call('POST', 'devices', { id: device.id, name: inWeChat() ? '微信里' : '浏览器里', store: kind, v: 1 })
  await store.setMeta('server_key', found.server_key)
  await store.setMeta('device', { ...device, registered: iso() })
  return device.id
}
