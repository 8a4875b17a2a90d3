// A change in a child's life. What the phone saw before goes along, so that the server can tell two changes apart.
import { code, coded, dayOf, KIN, note, only, when, type Kind } from './kind.ts'

const is = (what: string) => ['==', ['var', 'what'], what]
export const change: Kind = {
  name: 'change', title: '家里有变化', button: '保存', about: 'child',
  form: () => only(
    { id: 'what', type: 'one', zh: '有什么变化？', required: true, choices: { moved: '搬家了，或孩子被接走了', parent_back: '爸爸或妈妈回家了', carer_changed: '换了照看的人' } },
    { id: 'address', type: 'text', zh: '搬到哪里了？', required: true, max: 120, show_if: is('moved') },
    { id: 'parent', type: 'many', zh: '谁回来了？', required: true, choices: { father: '爸爸', mother: '妈妈' }, show_if: is('parent_back') },
    { id: 'carer', type: 'text', zh: '现在谁在照看？写名字', required: true, max: 30, show_if: is('carer_changed') },
    { id: 'relation', type: 'one', zh: '他是孩子的什么人？', required: true, choices: coded(undefined, KIN), show_if: is('carer_changed') },
    { id: 'phone', type: 'tel', zh: '他的电话（没有就不填）', show_if: is('carer_changed') },
    ...when('哪天的事？'), note(),
  ),
  body(answers, { child }) {
    const fields: Record<string, { was: any; now: any }> = {}
    const old = child!.carers.filter((one) => one.carer).pop() // as the server asks: who cares now, not who answers for the child
    if (answers.what === 'moved') fields.address = { was: child!.address, now: answers.address }
    for (const parent of answers.parent || []) fields[parent] = { was: null, now: 'home' }
    if (answers.what === 'carer_changed') fields.carer = { was: old ? old.name : null, now: answers.carer }
    if (answers.relation) fields.carer_relation = { was: old ? old.relation : null, now: code(answers.relation) }
    if (answers.phone) fields.carer_phone = { was: (old && old.phone) || null, now: answers.phone }
    return { child: child!.id, what: answers.what, fields, occurred_on: dayOf(answers), note: answers.note || '' }
  },
}
