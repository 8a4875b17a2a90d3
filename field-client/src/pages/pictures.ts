// Photos and signature of a form. A photo is on disk before it is seen; the draft before the camera opens.
import { h, say } from '../dom.ts'
import * as drafts from '../drafts.ts'
import { pad } from '../signature.ts'

const AT_MOST = 6

export function pictures(draft: drafts.Draft, key: string, keep: () => Promise<void>): HTMLElement {
  const thumbs = h('div.thumbs'), sign = h('div')
  const camera = h('input.vh', { type: 'file', accept: 'image/*', capture: 'environment', 'aria-label': '拍照' }) as HTMLInputElement
  camera.addEventListener('click', () => void keep())
  camera.addEventListener('change', async () => {
    for (const file of Array.from(camera.files || [])) await take(file)
    camera.value = ''
    await paint()
  })
  const take = async (file: File) => {
    if (draft.photos.length >= AT_MOST) return say(`一次最多 ${AT_MOST} 张照片。`)
    try {
      await drafts.keepBlob(await drafts.shrink(file), key, (id) => { draft.photos.push(id); return draft })
    } catch {
      say('这张照片没有存上，请再拍一次。')
    }
  }
  const paint = async () => {
    const figures = await Promise.all(draft.photos.map(figure))
    thumbs.textContent = ''
    thumbs.append(...figures)
    sign.textContent = ''
    sign.append(draft.signature ? signed() : pad(async (bytes) => { await drafts.keepBlob(bytes, key, (id) => { draft.signature = id; return draft }); await paint() }))
  }
  const signed = () => h('div', null, h('p.good', null, '✓ 已签名'), h('button.wide', { type: 'button', onclick: async () => { draft.signature = null; await keep(); await paint() } }, '重新签'))
  const figure = async (id: string, index: number) => {
    const bytes = await drafts.blob(id)
    const url = URL.createObjectURL(new Blob(bytes ? [bytes] : [], { type: 'image/jpeg' }))
    const image = h('img', { src: url, alt: `第 ${index + 1} 张照片`, onload: () => URL.revokeObjectURL(url) })
    return h('figure', null, image, h('button', { type: 'button', onclick: async () => { draft.photos = draft.photos.filter((one) => one !== id); await keep(); await paint() } }, '删掉'))
  }
  void paint()
  return h('div', null,
    h('fieldset', null, h('legend', null, '照片（可以不拍）'), h('p.sub', null, '拍房子、证件可以。不要拍孩子身上的伤，除非大人同意。'), thumbs, h('label.btn.wide', null, '拍照', camera)),
    h('fieldset', null, h('legend', null, '请照看的人签名（可以不签）'), sign))
}
