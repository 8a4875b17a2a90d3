// Small pieces of a page. Text only ever goes in as text.
export type Kid = Node | string | number | null | undefined | false | Kid[]
export type Bits = Record<string, any>

/** `h('div.card', {onclick}, 'words')`. Attributes starting with "on" are listeners; true is an empty attribute. */
export function h(what: string, bits: Bits | null = null, ...kids: Kid[]): HTMLElement {
  const [tag, ...classes] = what.split('.')
  const made = document.createElement(tag)
  if (classes.length) made.className = classes.join(' ')
  for (const [name, value] of Object.entries(bits || {})) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value)
    else if (value === true) made.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value))
  }
  add(made, kids)
  return made
}
function add(to: HTMLElement, kids: Kid[]): void {
  for (const kid of kids)
    if (Array.isArray(kid)) add(to, kid)
    else if (kid !== null && kid !== undefined && kid !== false) to.append(kid instanceof Node ? kid : String(kid))
}
export const one = <T extends HTMLElement = HTMLElement>(selector: string): T | null => document.querySelector<T>(selector)

/** Puts a page on the screen: to the top, the heading focused, so that everybody is told where they are. */
export function show(title: string, main: Kid[], { back = '', tabs = true } = {}): void {
  document.title = title + ' · 护童'
  const app = one('#app')!
  const head = h('header.top', null, back && h('a.back', { href: back }, '‹ 返回'), h('h1', { tabindex: -1 }, title))
  app.textContent = ''
  app.append(head, h('div', { id: 'strip' }), h('main', null, ...main))
  if (tabs) app.append(bar())
  scrollTo(0, 0)
  one('h1')!.focus({ preventScroll: true })
  dispatchEvent(new Event('hutong-shown'))
}
const TABS = [['#today', '今天'], ['#children', '我的儿童'], ['#report', '紧急报告'], ['#uploads', '上传记录']]
function bar(): HTMLElement {
  const here = location.hash.split('/')[0] || '#today'
  return h('nav.bar', { 'aria-label': '主菜单' }, TABS.map(([href, words]) =>
    h('a' + (href === '#report' ? '.urgent' : ''), { href, 'aria-current': href === here && 'page' }, words, href === '#uploads' && h('b', { id: 'count', hidden: true }))))
}
/** A sentence that stays a moment at the foot; never the only place where something is said. */
export function say(words: string): void {
  const old = one('.said')
  if (old) old.remove()
  const said = h('div.said', { role: 'status' }, words)
  document.body.append(said)
  setTimeout(() => said.remove(), 6000)
}
export const call = (number: string, words: string): HTMLElement => h('a.btn.wide.dial', { href: 'tel:' + number.replace(/[^\d+]/g, '') }, '打 ' + words)
export const numbers = (supervisor: { name: string; phone: string } | null | undefined): HTMLElement =>
  h('div.dials', null, call('110', '110 报警'), supervisor && supervisor.phone && call(supervisor.phone, `督导员 ${supervisor.name}`), call('12345', '12345 热线'), call('12355', '12355 青少年热线'))
export const shortDay = (iso: string): string => `${+iso.slice(5, 7)}月${+iso.slice(8, 10)}日`
