// A child the register doesn't know yet.
import { code, coded, KIN, note, only, type Kind } from './kind.ts'

const LIFE = { away_both: '爸妈都在外打工', away_one: '爸爸或妈妈一方在外打工', orphan: '爸妈都不在世了', lost: '爸妈联系不上', disabled: '孩子有残疾', ill: '孩子有大病', poor: '家里特别困难', other: '别的情况' }
export const child_new: Kind = {
  name: 'child_new', title: '新发现的孩子', button: '保存', about: 'nobody',
  form: () => only(
    { id: 'name', type: 'text', zh: '孩子叫什么名字？', required: true, max: 30 },
    { id: 'sex', type: 'one', zh: '男孩还是女孩？', required: true, choices: coded(undefined, { 1: '男孩', 2: '女孩' }) },
    { id: 'birth_date', type: 'date', zh: '哪天出生的？', required: true },
    { id: 'id_number', type: 'text', zh: '身份证号（不知道就不填）', max: 18 },
    { id: 'guardian', type: 'text', zh: '现在谁在照看？写名字', required: true, max: 30 },
    { id: 'relation', type: 'one', zh: '他是孩子的什么人？', required: true, choices: coded(undefined, KIN) },
    { id: 'phone', type: 'tel', zh: '照看的人的电话（没有就不填）' },
    { id: 'circumstances', type: 'many', zh: '家里是什么情况？', choices: LIFE },
    note(),
  ),
  body: (answers) => ({
    name: answers.name, sex: code(answers.sex), birth_date: answers.birth_date, id_number: answers.id_number || null,
    guardian: { name: answers.guardian, relation: code(answers.relation), phone: answers.phone || '' },
    circumstances: answers.circumstances || [], note: answers.note || '',
  }),
}
