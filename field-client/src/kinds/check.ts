// A look at home that an officer asked for: about somebody the register may not know.
import { only, type Kind } from './kind.ts'

const FOUND = { true: '说的情况是真的', false: '不是这样', unsure: '见到了，说不准', nobody: '没有见到人' }
export const check: Kind = {
  name: 'check', title: '入户核实', button: '保存', about: 'check',
  form: () => only(
    { id: 'found', type: 'one', zh: '看了以后，情况怎么样？', required: true, choices: FOUND },
    { id: 'words', type: 'text', zh: '看到了什么？照实写一两句', required: true, max: 200 },
  ),
  body: (answers, { check }) => ({ check: check!.id, found: answers.found, words: answers.words }),
}
