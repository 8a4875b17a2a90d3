// Starts the app: which page is on the screen, when to lock, when to send.
import { briefly } from './copies.ts'
import { h, one, say, show, numbers } from './dom.ts'
import { state } from './network.ts'
import * as newcomers from './newcomers.ts'
import * as outbox from './outbox.ts'
import * as packs from './pack.ts'
import { door } from './pages/door.ts'
import { form, leave, saveDraft } from './pages/form.ts'
import * as lists from './pages/lists.ts'
import { strip, uploads } from './pages/uploads.ts'
import * as sending from './sending.ts'
import * as store from './store.ts'
import { tier, TIERS } from './tiers.ts'

const LOCK_AFTER = 5 * 60e3
const PACK_EVERY = 15 * 60e3
let touched = Date.now(), packAt = 0

async function route(): Promise<void> {
  await saveDraft()
  leave()
  const [page, ...rest] = (location.hash || '#today').slice(1).split('/')
  if (!store.unlocked()) return page === 'report' ? form('report') : door(opened)
  await newcomers.load()
  if (page === 'do') return form(rest[0], rest[1] || '')
  if (page === 'report') return form('report')
  if (page === 'child') return lists.child(rest[0])
  if (page === 'children') return lists.children()
  if (page === 'uploads') return uploads(sendNow)
  if (page === 'settings') return lists.settings(large, lock, quit)
  return lists.today()
}

async function opened(): Promise<void> {
  touched = Date.now()
  await packs.load()
  await outbox.prune()
  await route()
  ;(navigator as any).storage?.persist?.().catch(() => false)
  void tick(true)
}

/** Sends, then fetches the pack when it's time; paints only what doesn't disturb a form. */
async function tick(now = false): Promise<void> {
  await sending.send(changed)
  const news = sending.tookNews()
  if (!store.unlocked() || state.revoked || (!now && !news && Date.now() - packAt < PACK_EVERY)) return
  packAt = Date.now()
  const held = packs.current()
  try {
    const { user, news } = await packs.refresh()
    await store.setMeta('owner', String(user.id))
    if (!held || (news && listShown())) await route()
  } catch {
    packAt = Date.now() - PACK_EVERY + 30e3 // in half a minute again
    if (state.revoked) await route()
  }
  await changed()
  await sending.send(changed)
  if (sending.tookNews()) packAt = 0 // at the next beat
}
const listShown = (): boolean => ['', '#today', '#children', '#uploads', '#child'].includes(location.hash.split('/')[0])

async function changed(): Promise<void> {
  const unsent = await outbox.unsent()
  const place = one('#strip'), count = one('#count')
  if (place) {
    const next = strip(unsent, sendNow)
    if (place.textContent !== next.textContent) { place.textContent = ''; place.append(next) }
  }
  if (count) {
    count.hidden = !unsent.length
    count.textContent = String(unsent.length)
  }
  if (location.hash === '#uploads' && store.unlocked() && document.title.startsWith('上传记录')) await repaintUploads(unsent)
}
let seen = ''
async function repaintUploads(unsent: outbox.Row[]): Promise<void> {
  const now = unsent.map((row) => row.op + row.state).join()
  if (now === seen) return
  seen = now
  await uploads(sendNow)
}
function sendNow(): void {
  sending.retryNow()
  void tick(true)
}
async function lock(): Promise<void> {
  await saveDraft()
  leave()
  store.lock()
  packs.forget()
  await route()
}
function large(): void {
  const on = document.documentElement.classList.toggle('large')
  localStorage.setItem('large', on ? '1' : '')
  void route()
}
/** Leaving the phone to somebody else: refused while anything is unsent. */
async function quit(): Promise<void> {
  const unsent = await outbox.unsent()
  if (unsent.length) {
    history.replaceState(null, '', '#leaving') // so that the way back to the settings is another address
    return show('还不能退出', [h('p', null, `还有 ${unsent.length} 条没上传。先连上网上传，或存成文件交给督导员。`), h('button.wide.pri', { type: 'button', onclick: sendNow }, '马上上传'), h('button.wide', { type: 'button', onclick: () => outbox.exportFile() }, '存成文件')], { back: '#settings' })
  }
  if (!confirm('手机里的名单会删掉。要退出吗？')) return
  await store.wipe(true)
  packs.forget()
  location.href = '/account/logout/'
}

function watch(): void {
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => { touched = Date.now() }, { passive: true })
  addEventListener('hashchange', () => void route())
  addEventListener('hutong-shown', () => void changed())
  addEventListener('hutong-saved', sendNow)
  addEventListener('online', sendNow)
  document.addEventListener('visibilitychange', () => { void (document.hidden ? saveDraft() : heartbeat()) })
  setInterval(() => void heartbeat(), 5e3)
}
async function heartbeat(): Promise<void> {
  if (store.unlocked() && Math.abs(Date.now() - touched) > LOCK_AFTER) await lock()
  await tick()
  await changed()
}

async function start(): Promise<void> {
  if (localStorage.getItem('large')) document.documentElement.classList.add('large')
  if (tier() === 'none') return show('这里不能填写', [h('p', null, TIERS.none), h('a.btn.wide', { href: '/' }, '到网页上填写'), numbers(null)], { tabs: false })
  await briefly(outbox.tend()) // before anything is painted: what is typed must stay
  watch()
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' }).catch(() => undefined)
  await route()
  void tick()
}
start().catch(() => { show('打不开', [h('p', null, '手机里的存储打不开。请退出无痕模式，或换一个浏览器再试。'), numbers(null)], { tabs: false }); say('打不开') })
