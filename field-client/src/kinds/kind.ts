// What a kind of work is. A later kind (hazard, activity, exam) is one more file here and a line in index.ts.
import type { Answers, Item, Questionnaire, Section } from '../questionnaire.ts'
import type { Check, Child, Pack } from '../pack.ts'
import { day, iso } from '../ids.ts'

export type Context = { pack: Pack | null; child: Child | null; check: Check | null; unlocked: boolean }
export type Made = { photos: string[]; signature: string | null; siblings: string[]; together: string | null }
export type Form = { sections: Section[] } & Partial<Questionnaire>
export type Kind = {
  name: string; title: string; button: string; about: 'child' | 'check' | 'nobody'
  form(context: Context): Form
  /** What the server would refuse, said before saving: by question. */
  refuses?(answers: Answers): Record<string, string>
  body(answers: Answers, context: Context, made: Made): any
  pictures?: boolean; siblings?: boolean
}

/** Who cares for a child, in the village's words; codes of GB/T 4761. */
export const KIN = { 51: '爸爸', 52: '妈妈', 61: '爷爷', 62: '奶奶', 63: '姥爷', 64: '姥姥', 75: '姐姐', 81: '大爷', 83: '叔叔', 85: '舅舅', 88: '姨', 90: '姑姑', 97: '别的亲戚', 99: '邻居或别的人' }

const DAYS = [['0', '今天'], ['1', '昨天'], ['2', '前天']]
/** The day without typing: today, yesterday, the day before; a date only when it's longer ago. */
export const when = (zh: string): Item[] => [
  { id: 'when', type: 'one', zh, required: true, choices: { ...Object.assign({}, ...DAYS.map(([back, words]) => ({ ['d' + back]: words }))), other: '更早' } },
  { id: 'when_day', type: 'date', zh: '是哪一天？', required: true, show_if: ['==', ['var', 'when'], 'other'] },
]
export const dayOf = (answers: Answers): string => (answers.when === 'other' ? answers.when_day : day(+(answers.when || 'd0').slice(1)))
/** A draft of yesterday that says "today" means yesterday: the day said, as it's called today. */
export function laterOn(answers: Answers, at: number): Answers {
  const passed = Math.round((Date.parse(day()) - Date.parse(iso(new Date(at)).slice(0, 10))) / 86400e3)
  if (passed <= 0 || !/^d\d$/.test(answers.when)) return answers
  const back = +answers.when.slice(1) + passed
  return back < DAYS.length ? { ...answers, when: 'd' + back } : { ...answers, when: 'other', when_day: day(back) }
}
export const note = (zh = '还有什么要说的？（可以不写）'): Item => ({ id: 'note', type: 'text', zh, max: 200 })
export const only = (...items: Item[]): Form => ({ sections: [{ id: 'all', zh: '', items }] })
export const coded = (list: { code: string; words: string }[] | undefined, otherwise: Record<string, string>): Record<string, string> =>
  list && list.length ? Object.assign({}, ...list.map((one) => ({ ['c:' + one.code]: one.words }))) : Object.assign({}, ...Object.keys(otherwise).map((code) => ({ ['c:' + code]: otherwise[code] })))
/** Codes are kept behind "c:" in forms, so that a code that looks like a number keeps its place in the list. */
export const code = (value: string): string => (value || '').replace(/^c:/, '')
