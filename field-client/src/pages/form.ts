// One form for every kind of work: drafted at every change, saved when it is on disk.
import { h, one, show, numbers, shortDay } from '../dom.ts'
import * as drafts from '../drafts.ts'
import { field } from '../fields.ts'
import { day, uuid7 } from '../ids.ts'
import { KINDS } from '../kinds/index.ts'
import { dayOf, laterOn, type Context, type Form, type Kind } from '../kinds/kind.ts'
import { followers } from '../newcomers.ts'
import * as outbox from '../outbox.ts'
import { nextVisit } from '../pace.ts'
import * as packs from '../pack.ts'
import { asked, check, score, type Answers, type Item, type Rule } from '../questionnaire.ts'
import * as store from '../store.ts'
import { pictures } from './pictures.ts'

let flush: () => Promise<void> = async () => undefined
/** Writes what is on the screen to disk: before a lock, before leaving. */
export const saveDraft = (): Promise<void> => flush().catch(() => undefined)
export const leave = (): void => { flush = async () => undefined }

export async function form(name: string, id = ''): Promise<void> {
  const kind = KINDS[name], pack = packs.current()
  const child = id ? packs.child(id) || null : null
  if (!kind || (kind.about === 'child' && !child)) return show('没有找到', [h('p', null, '这个孩子不在手机的名单里了。'), h('a.btn.wide', { href: '#children' }, '看我的儿童')])
  const check = (kind.about === 'check' && packs.check(id)) || null
  if (kind.about === 'check' && !check) return show('已经办完', [h('p', null, '这次核实已有结果，不用再去了。'), h('a.btn.wide', { href: '#today' }, '回到今天')])
  const key = name + ':' + id
  const unlocked = store.unlocked()
  const draft = (unlocked && (await drafts.get(key))) || drafts.fresh(kind.title, child ? child.name : check ? check.name : '')
  draft.answers = laterOn(draft.answers, draft.at)
  const supervisor = pack?.supervisor || (await store.meta('supervisor')) || null
  paint({ supervisor, kind, key, draft, id, context: { pack, child, check, unlocked } })
}

type Supervisor = { name: string; phone: string } | null
type Open = { supervisor: Supervisor; kind: Kind; key: string; draft: drafts.Draft; id: string; context: Context }

function paint(open: Open): void {
  const { kind, key, draft, context } = open
  const shape = kind.form(context)
  const given = onDay(draft.answers, context)
  const state = h('p.sub', { role: 'status' }, Object.keys(draft.answers).length ? '已恢复上次没填完的内容。' : '')
  let timer = 0, saving: Promise<void> = Promise.resolve()
  const keep = (): Promise<void> => {
    clearTimeout(timer)
    timer = 0
    if (!context.unlocked) return Promise.resolve()
    return (saving = saving.then(() => drafts.put(key, draft)).then(() => { state.textContent = '草稿已保存在手机里。' }, () => { state.textContent = '手机存不下了，请先上传或清理手机空间。' }))
  }
  flush = () => (timer ? keep() : saving)
  const refresh = () => { const now = asked(shape, draft.answers, given); all(shape).forEach((item) => { one('#q-' + item.id)!.hidden = !now.has(item.id) }) }
  const changed = (id: string, value: any) => {
    draft.answers[id] = value
    clearTimeout(timer)
    timer = window.setTimeout(keep, 300)
    refresh()
  }
  const parts = shape.sections.map((section) => [section.zh && h('h2', null, section.zh), section.items.map((item) => field(item, draft.answers, changed))])
  const button = h('button.pri.wide' + (kind.name === 'report' ? '.danger' : ''), null, kind.button) as HTMLButtonElement
  const submit = async (event: Event) => {
    event.preventDefault()
    const known = { ...given, ...onDay(draft.answers, context) }
    const found = check(shape, draft.answers, known)
    if (!Object.keys(found.problems).length) found.problems = { ...tooEarly(found.answers, context), ...kind.refuses?.(found.answers) }
    if (complain(found.problems, all(shape))) return
    button.disabled = true
    try {
      clearTimeout(timer)
      timer = 0
      await saving
      await finish(open, found.answers, shape, known)
    } catch (problem: any) {
      button.disabled = false
      unsaved(problem)
    }
  }
  show(kind.title, [
    h('div', { id: 'problems' }),
    context.child && h('p', null, h('span.name', null, context.child.name), ' ', h('span.sub', null, context.child.address)),
    context.check && [h('p', null, h('span.name', null, context.check.name), ' ', h('span.sub', null, packs.who(context.check))), h('p', null, '要看什么：' + context.check.ask)],
    kind.name === 'report' && [h('p', null, h('b', null, '孩子有危险，先打电话。')), numbers(open.supervisor)],
    h('form', { novalidate: true, onsubmit: submit }, ...parts.flat(), kind.siblings && siblings(open, keep), kind.pictures && pictures(draft, key, keep), state, h('div.act', null, button)),
    context.unlocked && h('button.wide', { type: 'button', onclick: () => discard(open) }, '不填了，删掉草稿'),
  ], { back: context.child ? '#child/' + open.id : '#today', tabs: context.unlocked })
  refresh()
}
/** What conditions may ask beside the answers, as of the day it happened: like the server. */
function onDay(answers: Answers, { child }: Context) {
  const today = dayOf(answers) || day()
  return { child_age: child ? packs.age(child.birth_date, today) : null, today }
}
function tooEarly(answers: Answers, { child }: Context): Record<string, string> {
  const on = answers.when_day
  if (on && on > day()) return { when_day: '这一天还没有到。' }
  return on && (on < '2000' || (child && on < child.birth_date)) ? { when_day: '比孩子出生还早，请再看一看。' } : {}
}
const all = (shape: { sections: { items: Item[] }[] }): Item[] => shape.sections.reduce<Item[]>((found, section) => found.concat(section.items), [])

function complain(problems: Record<string, string>, items: Item[]): boolean {
  for (const item of items) {
    const words = problems[item.id] || '', here = one('#p-' + item.id)!
    here.textContent = words
    here.hidden = !words
    one('#q-' + item.id)!.classList.toggle('wrong', !!words)
  }
  const bad = items.filter((item) => problems[item.id])
  const box = one('#problems')!
  box.textContent = ''
  if (!bad.length) return false
  const links = bad.map((item) => h('p', null, h('a', { href: '#q-' + item.id, onclick: (event: Event) => { event.preventDefault(); toField(item.id) } }, item.zh)))
  box.append(h('div.summary', { role: 'alert', tabindex: -1 }, h('b', null, `还有 ${bad.length} 处要填`), ...links))
  scrollTo(0, 0)
  one('.summary')!.focus()
  return true
}
/** A save that failed stands on the page until the next try. Only our own errors are sentences; the browser's are English. */
function unsaved(problem: any): void {
  const full = '手机存不下了，还没有保存，填的内容还在这一页。请清理手机空间，再点一次。'
  const failed = '手机没有存下来，还没有保存，填的内容还在这一页。请再点一次；还是不行，请打电话告诉督导员。'
  const words = problem.name === 'QuotaExceededError' ? full : /。$/.test(problem.message) ? problem.message : failed
  const box = one('#problems')!
  box.textContent = ''
  box.append(h('div.summary', { role: 'alert', tabindex: -1 }, h('b', null, words)))
  scrollTo(0, 0)
  one('.summary')!.focus()
}
function toField(id: string): void {
  const place = one('#q-' + id)!
  place.scrollIntoView()
  place.querySelector<HTMLElement>('input,textarea')?.focus()
}

function siblings({ draft, context }: Open, keep: () => Promise<void>) {
  const others = packs.everybody().filter((one) => one.id !== context.child!.id && one.address && one.address === context.child!.address)
  if (!others.length) return null
  const choices = Object.assign({}, ...others.map((one) => ({ ['c:' + one.id]: one.name })))
  const item: Item = { id: 'siblings', type: 'many', zh: '同一家的孩子，情况一样的一起登记', choices }
  return field(item, { siblings: draft.siblings.map((id) => 'c:' + id) }, (_, value: string[]) => { draft.siblings = value.map((one) => one.slice(2)); keep() })
}

async function finish(open: Open, answers: any, shape: Form, given: any): Promise<void> {
  const { kind, key, draft, context } = open
  const homes = context.child ? [context.child, ...draft.siblings.map((id) => packs.child(id)).filter((one): one is packs.Child => !!one)] : [null]
  const together = homes.length > 1 ? uuid7() : null
  const blobs = [...draft.photos, ...(draft.signature ? [draft.signature] : [])]
  const saves = homes.map((child, index): outbox.Save => {
    const made = { photos: draft.photos, signature: draft.signature, siblings: homes.filter((one) => one && one !== child).map((one) => one!.id), together }
    const operation = outbox.operation(kind.name, kind.body(answers, { ...context, child }, made), child ? child.base : null)
    return { content: { operation, title: kind.title, who: child ? child.name : context.check ? context.check.name : answers.name || answers.child_words || '', draft: { key, draft } }, blobs, draft: index ? undefined : key, mends: index ? undefined : draft.mends }
  })
  if (kind.name === 'child_new' && draft.mends) saves.push(...(await followers(draft.mends, saves[0].content.operation.op)))
  await outbox.save(saves)
  leave()
  const flags = kind.name === 'visit' ? score(shape, answers, given).flags : []
  const next = kind.name === 'visit' ? nextVisit(context.pack, context.child!, shape, answers, given, given.today) : null
  dispatchEvent(new Event('hutong-saved'))
  saved(kind, homes.length, flags, next, open)
}

function saved(kind: Kind, homes: number, flags: Rule[], next: string | null, { context, supervisor }: Open): void {
  const red = flags.filter((flag) => flag.severity === 'red')
  const urgent = kind.name === 'report' || red.length > 0
  history.replaceState(null, '', '#saved') // no page of its own: a reload opens today, and every tab is another address
  show('已保存到手机', [
    h('p.good', null, '✓ 已保存到手机，有网后自动上传。'),
    homes > 1 && h('p', null, `一共保存了 ${homes} 个孩子的记录。`),
    flags.map((flag) => h(flag.severity === 'red' ? 'p.late' : 'p.soon', null, (flag.severity === 'red' ? '▲ ' : '■ ') + flag.text_zh)),
    next && h('p', { id: 'next' }, `下次走访不晚于 ${shortDay(next)}。`),
    urgent && [h('p', { id: 'phone-now' }, '请马上打电话：'), numbers(supervisor)],
    red.length > 0 && h('a.btn.wide.danger', { href: '#report' }, '写紧急报告'),
    context.unlocked ? h('a.btn.pri.wide', { href: '#today' }, '回到今天') : h('a.btn.wide', { href: '#today' }, '返回'),
  ], { tabs: context.unlocked })
}

async function discard({ key, draft, id }: Open): Promise<void> {
  if (!confirm('删掉没填完的内容吗？')) return
  leave()
  await drafts.drop(key, draft)
  location.hash = id && packs.child(id) ? '#child/' + id : '#today'
}
