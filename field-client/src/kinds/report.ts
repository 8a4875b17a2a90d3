// An urgent report. It can be written without the PIN; then it is sealed to the server at once.
import { iso } from '../ids.ts'
import { everybody } from '../pack.ts'
import { code, coded, only, type Kind } from './kind.ts'

const SITUATIONS = {
  injury: '身上有伤，怀疑被打', sexual: '怀疑受到性侵害', alone: '一个人在家，没人照看', abandoned: '被遗弃或找不到人', begging: '被组织乞讨或被拐卖',
  selfharm: '有轻生或自伤的话或行为', hunger: '吃不饱、穿不暖、有病没治', violence: '家里有人打骂、酗酒、吸毒', danger: '正处在别的危险里', other: '其他紧急情况',
}
export const report: Kind = {
  name: 'report', title: '紧急报告', button: '马上报告', about: 'nobody',
  form: ({ pack, unlocked }) => only(
    { id: 'situations', type: 'many', zh: '出了什么事？', required: true, choices: coded((pack as any)?.situations, SITUATIONS) },
    { id: 'child', type: 'one', zh: '是哪个孩子？', show_if: unlocked && everybody().length ? null : false, choices: Object.assign({}, ...everybody().map((one) => ({ ['c:' + one.id]: one.name })), { '': '名单里没有' }) },
    { id: 'child_words', type: 'text', zh: '孩子叫什么、多大？（不知道就写看到的样子）', max: 100, required: true, show_if: ['not', ['given', ['var', 'child']]] },
    { id: 'place_words', type: 'text', zh: '在哪里？', max: 100, required: true },
    { id: 'facts', type: 'text', zh: '看到、听到了什么？（可以不写）', max: 500 },
  ),
  body: (answers) => {
    const id = code(answers.child) || null
    const known = everybody().find((one) => one.id === id)
    return {
      child: id, child_words: answers.child_words || (known ? known.name : ''), place_words: answers.place_words,
      situations: answers.situations.map(code), facts: answers.facts || '', reporter: null, occurred_at: iso(),
    }
  },
}
