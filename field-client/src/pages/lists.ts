// Today, my children, one child, settings.
import { h, numbers, shortDay, show } from '../dom.ts'
import * as drafts from '../drafts.ts'
import { day } from '../ids.ts'
import { inWeChat } from '../network.ts'
import * as outbox from '../outbox.ts'
import * as packs from '../pack.ts'
import { tier, TIERS } from '../tiers.ts'

const SIGNS: Record<string, string> = { red: '▲ 红', yellow: '◆ 黄', blue: '■ 蓝', green: '● 绿' }
const risk = (child: packs.Child) => SIGNS[child.attention] && h('span.risk.' + child.attention, null, SIGNS[child.attention])

export function due(iso: string, today: string): [string, string] {
  const days = Math.round((Date.parse(iso) - Date.parse(today)) / 86400e3)
  if (days < 0) return ['span.late', `过了 ${-days} 天`]
  if (days === 0) return ['span.soon', '今天到期']
  return ['span.sub', shortDay(iso) + '前']
}
const SOON = 10
/** What is over its day or due within ten days, the earliest first. */
const open = (child: packs.Child, today: string): packs.Duty[] =>
  child.duties.filter((duty) => duty.opens_on <= today && duty.due_on <= day(-SOON)).sort((a, b) => (a.due_on < b.due_on ? -1 : 1))
/** A duty done at the child's home, for all a pack of an older server says. */
const visited = (duty: packs.Duty): boolean => duty.at_home !== false

function card(child: packs.Child, today: string, waiting: Set<string>): HTMLElement {
  const first = open(child, today)[0]
  return h('a.card', { href: '#child/' + child.id },
    h('div.row', null, h('span.name.grow', null, child.name, ' ', h('span.sub', null, packs.who(child, today))), risk(child)),
    h('div.sub', null, child.categories.map((one) => one.words).join('、') || (fresh(child) ? '刚登记的，还没上传' : '')),
    h('div.row', null, h('span.grow', null, [child.address, first && first.words].filter(Boolean).join(' · ')), first && h(due(first.due_on, today)[0], null, due(first.due_on, today)[1])),
    waiting.has(String(child.id)) && h('div.good', null, '✓ 已填，等待上传'))
}
const fresh = (child: packs.Child) => String(child.id).startsWith('op:')
/** Children about whom something waits to be sent. */
async function waitingFor(): Promise<Set<string>> {
  const found = new Set<string>()
  for (const row of await outbox.unsent()) {
    const content = row.state === 'queued' && await outbox.read(row)
    if (content) found.add(String(content.operation.body.child || content.operation.body.check))
  }
  return found
}
const noPack = () => [h('p', null, '手机里还没有孩子的名单。'), h('p', null, '请连上网络，等一会儿会自动取来。紧急报告现在就可以写。')]
const life = (pack: packs.Pack) => h('p.sub', null, `名单还能用 ${packs.daysLeft(pack)} 天；连上网就自动更新。没上传的记录不会过期。`)

export async function today(): Promise<void> {
  const pack = packs.current(), now = day()
  const half = (await drafts.all()).sort((a, b) => b.draft.at - a.draft.at)
  const waiting = await waitingFor()
  const checks = (pack && pack.checks) || []
  const list = packs.everybody().filter((child) => open(child, now).length).sort((a, b) => (open(a, now)[0].due_on < open(b, now)[0].due_on ? -1 : 1))
  const going = list.filter((child) => open(child, now).some(visited)), homes = new Set(going.map((child) => child.address || child.id)).size
  show('今天', [
    half.map(({ key, draft }) => h('a.card', { href: '#do/' + key.replace(':', '/') }, h('b.soon', null, '没填完：'), `${draft.title} ${draft.who}`)),
    tier() !== 'full' && h('p.soon', null, TIERS[tier()]),
    checks.map((check) => asked(check, waiting)),
    pack ? [h('h2', null, homes ? `要去 ${homes} 家` : '今天没有要去的人家'), list.length > going.length && h('p', null, `另有 ${list.length - going.length} 个孩子的事不用上门`), list.map((child) => card(child, now, waiting)), life(pack)] : noPack(),
    h('a.btn.wide', { href: '#do/child_new' }, '发现了新的孩子'),
    h('a.btn.wide', { href: '#settings' }, '大字、锁定、帮助'),
  ])
}

/** A look at home that an officer asked for. */
const asked = (check: packs.Check, waiting: Set<string>) => h('a.card', { href: '#do/check/' + check.id },
  h('div', null, h('b.soon', null, '请入户看一看：'), h('span.name', null, check.name), ' ', h('span.sub', null, packs.who(check))), h('div', null, check.ask),
  waiting.has(check.id) && h('div.good', null, '✓ 已填，等待上传'))

export async function children(): Promise<void> {
  const pack = packs.current(), now = day(), waiting = await waitingFor()
  const list = h('div')
  const paint = (words: string) => {
    list.textContent = ''
    list.append(...packs.everybody().filter((child) => (child.name + child.address).includes(words)).map((child) => card(child, now, waiting)))
    if (!list.children.length) list.append(h('p', null, '没有找到。'))
  }
  paint('')
  show('我的儿童', [
    ...(pack ? [
      h('p', null, `${pack.village?.name || ''} 共 ${packs.everybody().length} 个孩子`), pack.cut && h('p.soon', null, `孩子太多，手机只放 ${pack.cap} 个；其余请在电脑上看。`),
      h('label.ask', { for: 'find' }, '找名字'), h('input', { id: 'find', type: 'text', autocomplete: 'off', oninput: (event: any) => paint(event.target.value.trim()) }), h('p'), list, life(pack),
    ] : noPack()),
    h('a.btn.wide', { href: '#do/child_new' }, '发现了新的孩子'),
  ])
}

export function child(id: string): void {
  const found = packs.child(id), now = day()
  if (!found) return show('没有找到', [h('p', null, '这个孩子不在手机的名单里了。'), h('a.btn.wide', { href: '#children' }, '看我的儿童')])
  const go = (kind: string, words: string, look = '') => h('a.btn.wide' + look, { href: `#do/${kind}/${id}` }, words)
  show(found.name, [
    h('div.row', null, h('span.grow', null, [packs.who(found, now), found.address].filter(Boolean).join(' · ')), risk(found)),
    h('p.sub', null, found.categories.map((one) => one.words).join('、')),
    go('visit', '登记走访', '.pri'), go('attempt', '去了，没见到人'), go('contact', '登记联系'), go('change', '家里有变化'), go('carer_unfit', '照看的人不合适'),
    h('h2', null, '要做的事'), found.duties.map((duty) => h('p', null, duty.words, ' ', h(due(duty.due_on, now)[0], null, due(duty.due_on, now)[1]))), !found.duties.length && h('p.sub', null, '现在没有。'),
    h('h2', null, '谁在照看'), found.carers.map((one) => one.phone ? h('a.btn.wide', { href: 'tel:' + one.phone }, `打给 ${one.name}（${one.words || ''}）`) : h('p', null, `${one.name}（${one.words || ''}）`)), !found.carers.length && h('p.sub', null, '还没有登记。'),
    h('h2', null, '最近走访'), found.visits.map((visit) => h('p', null, shortDay(visit.on) + ' ' + visit.words)), !found.visits.length && h('p.sub', null, '还没有走访过。'),
  ], { back: '#children' })
}

export function settings(large: () => void, lock: () => void, leave: () => void): void {
  const pack = packs.current()
  show('设置', [
    h('button.wide', { type: 'button', onclick: large, 'aria-pressed': document.documentElement.classList.contains('large') ? 'true' : 'false' }, '大字'),
    h('button.wide', { type: 'button', onclick: lock }, '现在锁上'),
    h('button.wide', { type: 'button', onclick: leave }, '换人用，或不再用这部手机'),
    h('h2', null, '这部手机'), h('p', null, TIERS[tier()]), h('p', null, inWeChat() ? '现在开在微信里。微信和浏览器里的记录是分开的，请一直用同一个。' : '现在开在浏览器里。浏览器和微信里的记录是分开的，请一直用同一个。'),
    h('p', null, '还有没上传的记录时，不要清理手机缓存。'), h('h2', null, '打电话'), numbers(pack?.supervisor),
  ], { back: '#today' })
}
