// The carer seems unfit.
import { code, coded, note, only, type Kind } from './kind.ts'

const SIGNS = { ill: '生病或年纪大，照看不了', drinks: '酗酒、赌博、吸毒', beats: '打骂孩子', absent: '经常不在家', neglects: '不管孩子吃穿学习', unwilling: '不愿意再照看', other: '其他' }
export const carer_unfit: Kind = {
  name: 'carer_unfit', title: '照看的人不合适', button: '保存', about: 'child',
  form({ pack, child }) {
    const carers = (child ? child.carers : []).filter((one) => one.id).map((one: any) => ({ code: one.id, words: `${one.name} ${one.words || ''}` }))
    return only(
      { id: 'carer', type: 'one', zh: '说的是谁？', required: true, choices: coded([...carers, { code: '', words: '说不清' }], {}) },
      { id: 'signs', type: 'many', zh: '有哪些情况？', required: true, choices: coded((pack as any)?.signs, SIGNS) },
      note('看到了什么？照实写（可以不写）'),
    )
  },
  body: (answers, { child }) => ({ child: child!.id, carer: code(answers.carer) || null, signs: answers.signs.map(code), note: answers.note || '' }),
}
