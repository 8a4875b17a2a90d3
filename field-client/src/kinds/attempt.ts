// Went there and met nobody.
import { dayOf, only, when, type Kind } from './kind.ts'

const WHY: Record<string, string> = { nobody: '家里没人', away: '全家出门了', refused: '不让进门', moved: '听说搬走了', other: '别的原因' }
export const attempt: Kind = {
  name: 'attempt', title: '没见到人', button: '保存', about: 'child',
  form: () => only(
    ...when('哪天去的？'),
    { id: 'why', type: 'one', zh: '为什么没见到？', required: true, choices: WHY },
    { id: 'text', type: 'text', zh: '什么原因？', required: true, max: 100, show_if: ['==', ['var', 'why'], 'other'] },
  ),
  body: (answers, { child }) => ({ child: child!.id, occurred_on: dayOf(answers), reason: answers.why === 'other' ? answers.text : WHY[answers.why] }),
}
