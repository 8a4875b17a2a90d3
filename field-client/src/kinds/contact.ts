// One week's contact between parents, child, carer and director.
import { day } from '../ids.ts'
import { dayOf, only, when, type Kind } from './kind.ts'

/** ISO week of a day, "2026-W48". */
export function week(iso: string): string {
  const at = new Date(iso + 'T00:00:00Z')
  at.setUTCDate(at.getUTCDate() + 4 - (at.getUTCDay() || 7))
  const start = Date.UTC(at.getUTCFullYear(), 0, 1)
  const number = Math.ceil(((at.getTime() - start) / 86400e3 + 1) / 7)
  return `${at.getUTCFullYear()}-W${String(number).padStart(2, '0')}`
}
export const contact: Kind = {
  name: 'contact', title: '登记联系', button: '保存', about: 'child',
  form: () => only(
    { id: 'direction', type: 'one', zh: '谁和谁联系？', required: true, choices: { parent_child: '父母和孩子', parent_carer: '父母和照看的人', director_parent: '我和父母' } },
    { id: 'state', type: 'one', zh: '联系上了吗？', required: true, choices: { done: '联系上了', missed: '这周没联系上' } },
    ...when('哪天的事？').map((item) => ({ ...item, show_if: item.show_if ? ['and', ['==', ['var', 'state'], 'done'], item.show_if] : ['==', ['var', 'state'], 'done'] })),
  ),
  body(answers, { child }) {
    const on = answers.state === 'done' ? dayOf(answers) : day()
    return { child: child!.id, week: week(on), direction: answers.direction, state: answers.state, occurred_on: on }
  },
}
