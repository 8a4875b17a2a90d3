// Runs in the page: what a director would do, through the app's own modules. `said(token, op, problem)` tells the harness.
(() => {
  const Real = Date
  const skew = () => (location.protocol === 'about:' ? 0 : +(localStorage.getItem('skew') || 0) * 1000)
  class Skewed extends Real {
    constructor(...parts) { if (parts.length) super(...parts); else super(Real.now() + skew()) }
    static now() { return Real.now() + skew() }
  }
  window.Date = Skewed
  const relaxed = []
  let broken = false
  // The disk takes every request of a transaction and then fails to commit it, as a phone's does: nobody but the commit says so.
  function breakAtTheEnd(made) {
    let waiting = 0
    for (const verb of ['get', 'getAll', 'put', 'add', 'delete', 'clear']) {
      for (const name of made.objectStoreNames) {
        const store = made.objectStore(name)
        const before = store[verb]
        store[verb] = function (...parts) {
          const asked = before.apply(this, parts)
          waiting++
          // Heard after the app's own listener, which may ask for more before the last answer is over.
          Promise.resolve().then(() => asked.addEventListener('success', async () => {
            waiting--
            for (let turn = 0; turn < 50; turn++) await null
            if (!waiting) try { made.abort() } catch { /* over */ }
          }))
          return asked
        }
      }
    }
  }
  const transaction = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (...parts) {
    const made = transaction.apply(this, parts)
    if (broken && made.mode === 'readwrite' && made.objectStoreNames.contains('outbox')) {
      broken = false
      breakAtTheEnd(made)
    }
    if (made.mode === 'readwrite' && made.durability !== 'strict') relaxed.push(Array.from(made.objectStoreNames).join())
    return made
  }
  const ANSWERS = {
    attempt: (r) => ['attempt', { why: 'other', text: r.token, when: 'd0' }],
    visit: (r) => ['visit', { when: 'd0', seen: ['child'], lives_with: 'grandparents', wish: r.token }],
    photo: (r) => ['visit', { when: 'd0', seen: ['child'], lives_with: 'grandparents', wish: r.token }],
    report: (r) => ['report', { situations: ['c:injury'], child_words: r.token, place_words: '村东头', facts: r.token }],
    child_new: (r) => ['child_new', { name: r.token, sex: 'c:1', birth_date: '2017-03-04', guardian: '合成奶奶', relation: 'c:62' }],
    change: (r) => ['change', { what: 'moved', address: r.token, when: 'd0' }],
    bad: (r) => ['visit', { when: 'd0', seen: ['teacher'], lives_with: 'grandparents', wish: r.token }],
    huge: (r) => ['report', { situations: ['c:injury'], child_words: r.token, place_words: '村东头', facts: r.token + '字'.repeat(200000) }],
  }
  async function save(r) {
    const { drafts, kinds, outbox, pack, store } = hutong
    const [name, answers] = ANSWERS[r.kind](r)
    const child = pack.child(r.child) || { id: r.child, base: null, address: '', carers: [] }
    const key = name + ':' + r.token, draft = drafts.fresh('', ''), photos = []
    for (const size of r.photos || []) {
      const bytes = new Uint8Array(size)
      for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536))
      photos.push(await drafts.keepBlob(bytes.buffer, key, (id) => { draft.photos.push(id); return draft }))
    }
    const made = { photos, signature: null, siblings: [], together: null }
    const operation = outbox.operation(name, kinds[name].body(answers, { pack: null, child, unlocked: store.unlocked() }, made), null)
    await outbox.save([{ content: { operation, title: '', who: '', draft: { key, draft } }, blobs: photos, draft: key }])
    dispatchEvent(new Event('hutong-saved')) // as the form does: now it is sent
    return [operation.op, photos]
  }
  async function tell(r) {
    try {
      const [op, photos] = await save(r)
      said(r.token, op, '', photos)
    } catch (problem) {
      said(r.token, '', String(problem.name + ': ' + problem.message), [])
    }
  }
  window.drive = {
    tell,
    breakDisk: () => { broken = true },
    async burst(all) { for (const one of all) await tell(one) },
    together: (all) => Promise.all(all.map(tell)).then(() => 1),
    send: () => { hutong.sending.retryNow(); return hutong.sending.send(() => 0) },
    async rows() {
      const all = await hutong.outbox.rows()
      return all.map(({ op, seq, state, reason, later, vault }) => ({ op, seq, state, reason: reason || '', later: later || 0, vault }))
    },
    waits: () => hutong.sending.waits(),
    relaxed: () => relaxed.splice(0),
  }
})()
