// A signature drawn with the finger; a PNG of black lines.
import { h } from './dom.ts'

export function pad(done: (bytes: ArrayBuffer) => Promise<void>): HTMLElement {
  const canvas = h('canvas.sign', { 'aria-label': '用手指在这里签名', role: 'img' }) as HTMLCanvasElement
  let last: [number, number] | null = null, drawn = false
  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect()
    if (canvas.width !== Math.round(box.width)) { canvas.width = Math.round(box.width); canvas.height = Math.round(box.height) }
    return [event.clientX - box.left, event.clientY - box.top]
  }
  canvas.addEventListener('pointerdown', (event) => { last = at(event); drawn = true })
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return
    const pen = canvas.getContext('2d')!, next = at(event)
    pen.lineWidth = 3
    pen.lineCap = 'round'
    pen.beginPath()
    pen.moveTo(...last)
    pen.lineTo(...next)
    pen.stroke()
    last = next
  })
  for (const end of ['pointerup', 'pointerleave', 'pointercancel']) canvas.addEventListener(end, () => { last = null })
  const keep = h('button.wide', { type: 'button', onclick: () => drawn && canvas.toBlob(async (png) => png && done(await new Response(png).arrayBuffer()), 'image/png') }, '签好了')
  const clear = h('button.wide', { type: 'button', onclick: () => { canvas.width = canvas.width; drawn = false } }, '重新签')
  return h('div', null, canvas, keep, clear)
}
