// Half-filled forms and the photos in them: on disk at every change, so that a camera that ends the page loses nothing.
import { uuid7 } from './ids.ts'
import type { Answers } from './questionnaire.ts'
import * as store from './store.ts'

export type Draft = { answers: Answers; photos: string[]; signature: string | null; siblings: string[]; title: string; who: string; mends?: string; at: number }
export const fresh = (title: string, who: string): Draft => ({ answers: {}, photos: [], signature: null, siblings: [], title, who, at: Date.now() })

export async function put(key: string, draft: Draft): Promise<void> {
  const sealed = await store.sealValue({ ...draft, at: Date.now() }, 'draft:' + key)
  await store.write(['draft'], (t) => t.objectStore('draft').put(sealed, key))
}
export async function get(key: string): Promise<Draft | undefined> {
  const found = await (await store.db()).get('draft', key)
  return found ? store.openValue(found, 'draft:' + key).catch(() => undefined) : undefined
}
export async function all(): Promise<{ key: string; draft: Draft }[]> {
  const keys = (await (await store.db()).getAllKeys('draft')) as string[]
  const found = await Promise.all(keys.map(async (key) => ({ key, draft: await get(key) })))
  return found.filter((one): one is { key: string; draft: Draft } => !!one.draft)
}
export async function drop(key: string, draft: Draft): Promise<void> {
  const blobs = draft.mends ? [] : [...draft.photos, draft.signature]
  await store.write(['draft', 'blob'], (t) => {
    t.objectStore('draft').delete(key)
    for (const id of blobs) if (id) t.objectStore('blob').delete(id)
  })
}

/** A picture on disk, encrypted, together with the draft that names it. */
export async function keepBlob(bytes: ArrayBuffer, key: string, change: (id: string) => Draft): Promise<string> {
  const id = uuid7()
  const sealed = await store.pack(bytes, 'blob:' + id)
  const draft = await store.sealValue(change(id), 'draft:' + key)
  await store.write(['blob', 'draft'], (t) => {
    t.objectStore('blob').put(sealed, id)
    t.objectStore('draft').put(draft, key)
  })
  return id
}
export async function blob(id: string): Promise<ArrayBuffer | null> {
  const found = await (await store.db()).get('blob', id)
  return found ? store.unpack(found, 'blob:' + id).catch(() => null) : null
}
/** A picture that only the server can open, whatever became of the PIN. */
export async function postedBlob(id: string): Promise<ArrayBuffer | null> {
  const found = await (await store.db()).get('blob', id)
  return found ? store.posted(found) : null
}

/** At most 1280 pixels and drawn anew, so that neither place nor camera is told. */
export async function shrink(file: Blob): Promise<ArrayBuffer> {
  const image = await picture(file)
  const scale = Math.min(1, 1280 / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.width * scale)
  canvas.height = Math.round(image.height * scale)
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
  const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.72))
  if (!small) throw new Error('照片打不开')
  return new Response(small).arrayBuffer()
}
function picture(file: Blob): Promise<HTMLImageElement> {
  return new Promise((done, failed) => {
    const image = new Image(), url = URL.createObjectURL(file)
    image.onload = () => { done(image); URL.revokeObjectURL(url) }
    image.onerror = failed
    image.src = url
  })
}
