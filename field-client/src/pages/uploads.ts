// The upload record: what waits, what must be mended and why, and receipts.
import { h, say, show, type Kid } from '../dom.ts'
import * as drafts from '../drafts.ts'
import * as packs from '../pack.ts'
import { laterOn } from '../kinds/kind.ts'
import { state } from '../network.ts'
import * as outbox from '../outbox.ts'

export async function uploads(sendNow: () => void): Promise<void> {
  const rows = (await outbox.rows()).filter((row) => row.state !== 'mended').reverse()
  const waits = rows.some((row) => row.state === 'queued' || row.state === 'rejected')
  const cards = await Promise.all(rows.map(card))
  show('上传记录', [
    waits && h('p', null, '还有没上传的记录，请不要清理手机或微信的缓存。'),
    cards, !cards.length && h('p', null, '还没有记录。'),
    waits && [h('button.wide.pri', { type: 'button', onclick: sendNow }, '马上上传'), h('button.wide', { type: 'button', onclick: () => outbox.exportFile() }, '存成文件交给督导员')],
    waits && h('p.sub', null, '存成的文件是加密的，只有系统能打开。'),
  ])
}

async function card(row: outbox.Row): Promise<HTMLElement> {
  const content = await outbox.read(row)
  const words = content ? `${content.title} ${content.who}` : '加密的记录'
  const at = new Date(row.at).toLocaleString('zh-CN', { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  return h('div.card', { 'data-op': row.op, 'data-state': row.state }, h('b', null, words), h('div.sub', null, at), ...standing(row), row.state === 'rejected' && [content && mend(row, content), away(row)])
}
function standing(row: outbox.Row): Kid[] {
  if (row.state === 'done') return [h('div.good', null, '✓ 已上传'), row.receipt && h('div.sub', null, '回执 ' + row.receipt), row.review && decided(row)]
  if (row.state === 'rejected') return [h('div.late', null, '要改一改：' + (row.reason || ''))]
  return [h('div.soon', null, '等待上传'), tooLong(row) && h('div.late', null, '超过 2 分钟没传上去，请打电话。')]
}
const DECIDED: Record<string, string> = { taken: '督导员看过了：用了您填的。', kept: '督导员看过了：留下系统里原来的。', noted: '督导员看过了，已知道。' }
function decided(row: outbox.Row): HTMLElement {
  const found = (packs.current()?.settled || []).filter((one) => one.op === row.op)
  return found.length ? h('div.good', null, found.map((one) => DECIDED[one.state]).join('')) : h('div.soon', null, '督导员会再看一看。' + (row.reason || ''))
}
/** An urgent report that has not got through in two minutes: the telephone is faster. */
export const tooLong = (row: outbox.Row): boolean => !!row.urgent && (row.state === 'queued' || row.state === 'rejected') && Date.now() - row.at > 120e3

function mend(row: outbox.Row, content: outbox.Content): HTMLElement {
  return h('button.wide', { type: 'button', onclick: async () => {
    if (!content.draft) return say('请重新登记一次。')
    const key = content.operation.kind + ':' + (content.operation.body.child && content.draft.key.includes(':') && content.draft.key.split(':')[1] ? content.operation.body.child : '')
    const { draft } = content.draft
    await drafts.put(key, { ...draft, answers: laterOn(draft.answers, row.at), siblings: [], mends: row.op })
    location.hash = '#do/' + key.replace(':', '/')
  } }, '改一改')
}

const away = (row: outbox.Row): HTMLElement => h('button.wide', { type: 'button', onclick: async () => {
  if (!confirm('这条不再上传，在手机里再留 30 天。要这样吗？')) return
  await outbox.putAway(row.op)
  dispatchEvent(new Event('hashchange'))
} }, '不用再报了')

/** The strip under the heading: always there, says how much is unsent. */
export function strip(unsent: outbox.Row[], sendNow: () => void): HTMLElement {
  const bad = unsent.filter((row) => row.state === 'rejected').length, count = unsent.length - bad
  const left = count ? `还有 ${count} 条未上传，已保存在手机里。` : ''
  const mended = bad ? `${bad} 条要改一改。` : ''
  if (state.revoked) return h('div.strip.bad', { role: 'status' }, '这部手机已停用。' + (left && '没上传的记录还加密存着，请找督导员。'))
  const signIn = state.signedOut && h('a.btn', { href: '/account/login/?next=/m/' }, '去登录')
  const how = state.signedOut ? '请重新登录，登录后自动上传。' : ''
  if (unsent.some(tooLong)) return h('div.strip.bad', { role: 'alert' }, '紧急报告还没传上去，', h('b', null, '请打电话'), '。' + left + how, h('a.btn', { href: 'tel:110' }, '打 110'), signIn)
  if (signIn) return h('div.strip.wait', { role: 'status' }, left + mended + how, signIn)
  if (!state.online) return h('div.strip.' + (count ? 'bad' : 'wait'), { role: 'status' }, '没有网络，可以继续填写。' + left + mended)
  if (count) return h('div.strip.wait', { role: 'status' }, '正在上传：' + left + mended, h('button', { type: 'button', onclick: sendNow }, '马上上传'))
  return h('div.strip.' + (bad ? 'bad' : 'ok'), { role: 'status' }, mended ? '有 ' + mended : '全部已上传')
}
