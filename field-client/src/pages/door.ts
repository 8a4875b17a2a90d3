// Before the phone is open: first setting of the PIN, unlocking, and what to do when it is forgotten.
import { h, one, say, show } from '../dom.ts'
import { hello, state } from '../network.ts'
import * as store from '../store.ts'

const urgent = () => h('a.btn.wide.danger.pri', { href: '#report' }, '紧急报告')

export async function door(opened: () => void): Promise<void> {
  if (!(await store.hasVault())) return first(opened, await store.meta('restored'))
  if ((await store.triesLeft()) <= 0) return online(opened, '解锁码错了 5 次。')
  entry('请输入解锁码', '', '打开', async (pin) => {
    if (await store.unlock(pin)) return opened()
    const left = await store.triesLeft()
    if (left <= 0) return online(opened, '解锁码错了 5 次。')
    complain(`解锁码不对，还可以试 ${left} 次。`)
  }, h('button.wide', { type: 'button', onclick: () => online(opened, '忘了解锁码也不要紧，没上传的记录不会丢。') }, '忘了解锁码'))
}

function entry(title: string, words: string, button: string, done: (pin: string) => Promise<void>, more?: HTMLElement): void {
  const input = h('input', { id: 'pin', type: 'password', inputmode: 'numeric', maxlength: 6, autocomplete: 'off', 'aria-describedby': 'pin-problem' }) as HTMLInputElement
  const press = h('button.pri.wide', null, button) as HTMLButtonElement
  const submit = async (event: Event) => {
    event.preventDefault()
    if (press.disabled) return
    if (!/^\d{6}$/.test(input.value)) return complain('解锁码是 6 个数字。')
    press.disabled = true
    const pin = input.value
    input.value = ''
    await done(pin).catch(() => complain('没有打开，请再试一次。'))
    press.disabled = false
  }
  show(title, [words && h('p', null, words), h('form', { onsubmit: submit }, h('label.ask', { for: 'pin' }, '6 位数字'), input, h('p.problem', { id: 'pin-problem', role: 'alert' }), press), more, urgent()], { tabs: false })
}
const complain = (words: string): void => { const place = one('#pin-problem'); if (place) place.textContent = words }

function first(opened: () => void, restored = 0): void {
  const broken = restored ? `手机浏览器的存储坏过。还没上传的 ${restored} 条记录没有丢，登录后自动上传；名单会重新下载，没填完的草稿要重填。请重新设解锁码：` : ''
  entry('设一个解锁码', broken + '6 位数字，只在这部手机上用，用来保护孩子的信息。不要用生日。', '下一步', async (pin) => {
    if (/^(\d)\1{5}$/.test(pin) || '0123456789 9876543210'.includes(pin)) return complain('太好猜了，换一个。')
    entry('再输一遍', '', '确定', async (again) => {
      if (again !== pin) { first(opened, restored); return say('两遍不一样，请重新设。') }
      await store.setUp(pin)
      await store.setMeta('restored', 0)
      opened()
    })
  })
}

/** Signing in online proves who it is; then the PIN may be tried again, or a new one set. */
async function online(opened: () => void, words: string): Promise<void> {
  const known = await hello().catch(() => null)
  if (!known) {
    const why = state.signedOut ? '请先登录。' : '要连上网络才能继续。'
    return show('要登录', [h('p', null, words), h('p', null, why), h('a.btn.pri.wide', { href: '/account/login/?next=/m/' }, '去登录'), urgent()], { tabs: false })
  }
  const owner = await store.meta('owner')
  if (owner && owner !== String(known.user.id)) return show('换了人', [h('p', null, '这部手机登记的是别人。请用原来的账号登录。'), urgent()], { tabs: false })
  show('登录成功', [
    h('p', null, `${known.user.name}，请选一个：`),
    h('button.pri.wide', { type: 'button', onclick: async () => { await store.allowTries(); await door(opened) } }, '再试解锁码'),
    h('button.wide', { type: 'button', onclick: () => confirm('没填完的草稿会丢掉，已保存的记录照样上传。要重新设吗？') && first(opened) }, '重新设解锁码'),
  ], { tabs: false })
}
