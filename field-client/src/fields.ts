// One question on the screen: big rows to tap, no drop-downs, and its problem beside it.
import { h } from './dom.ts'
import { day } from './ids.ts'
import type { Answers, Item } from './questionnaire.ts'

type Changed = (id: string, value: any) => void

export function field(item: Item, answers: Answers, changed: Changed): HTMLElement {
  const problem = h('p.problem', { id: 'p-' + item.id, hidden: true })
  const made = item.type === 'one' || item.type === 'many' || item.type === 'yes_no' ? choice(item, answers, changed, problem) : typed(item, answers, changed, problem)
  made.id = 'q-' + item.id
  return made
}

function choice(item: Item, answers: Answers, changed: Changed, problem: HTMLElement): HTMLElement {
  const many = item.type === 'many'
  const choices: [any, string][] = item.type === 'yes_no' ? [[true, '是'], [false, '否']] : Object.entries(item.choices || {})
  const rows = choices.map(([value, words]) => {
    const ticked = many ? (answers[item.id] || []).includes(value) : answers[item.id] === value
    const input = h('input', { type: many ? 'checkbox' : 'radio', name: item.id, value, checked: ticked }) as HTMLInputElement
    const label = h('label.opt' + (ticked ? '.on' : ''), null, input, words)
    input.addEventListener('change', () => {
      rows.forEach(({ input, label }) => label.classList.toggle('on', input.checked))
      changed(item.id, many ? rows.filter(({ input }) => input.checked).map(({ value }) => value) : value)
    })
    return { input, label, value }
  })
  return h('fieldset', null, h('legend', null, item.zh, must(item), many && h('span.sub', null, '（可以选几个）')), problem, rows.map((row) => row.label))
}
const must = (item: Item) => item.required && h('span.sub', null, '（必填）')

function typed(item: Item, answers: Answers, changed: Changed, problem: HTMLElement): HTMLElement {
  const id = 'i-' + item.id
  const bits = { id, name: item.id, 'aria-describedby': 'p-' + item.id, autocomplete: 'off' }
  const long = item.type === 'text' && (item.max || 200) > 60
  const input = (long ? h('textarea', { ...bits, rows: 3 }) : h('input', { ...bits, ...KEYBOARD[item.type], max: item.type === 'date' ? day() : undefined })) as HTMLInputElement
  input.value = answers[item.id] ?? ''
  input.addEventListener('input', () => changed(item.id, input.value))
  return h('fieldset', null, h('label.ask', { for: id }, item.zh, must(item)), problem, input)
}
const KEYBOARD: Record<string, any> = {
  text: { type: 'text' }, tel: { type: 'tel', inputmode: 'tel' }, date: { type: 'date' }, number: { type: 'text', inputmode: 'numeric' },
}
