// Which questions are asked, what is missing, and what follows from the answers: by the same rules as the server.
import { evaluate, holds, type Given, type Tree } from './expressions.ts'

export type Answers = Record<string, any>
export type Type = 'one' | 'many' | 'yes_no' | 'number' | 'date' | 'text' | 'tel' | 'photo' | 'signature'
export type Item = {
  id: string; type: Type; zh: string; hint?: string; required?: boolean; choices?: Record<string, string>
  max?: number; min?: number; show_if?: Tree
}
export type Section = { id: string; zh: string; items: Item[] }
export type Rule = { kind: string; severity: 'amber' | 'red'; when: Tree; text_zh: string }
export type Fact = { of: string; kind: string; when?: Tree }
export type Level = { level: string; when: Tree; because_zh: string }
export type Questionnaire = { id: string; version: number; sections: Section[]; flags?: Rule[]; attention?: Level[]; facts?: Fact[]; next_days?: Tree }

const empty = (value: any): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)

/** The answers to questions that were really asked, in their order, and what is wrong, by question. */
export function check(form: { sections: Section[] }, raw: Answers, given: Given): { answers: Answers; problems: Record<string, string> } {
  const answers: Answers = {}, problems: Record<string, string> = {}
  for (const item of form.sections.reduce<Item[]>((all, section) => all.concat(section.items), [])) {
    if (!holds(item.show_if, { ...given, ...answers })) continue
    const value = typeof raw[item.id] === 'string' ? raw[item.id].trim() : raw[item.id]
    if (empty(value)) {
      if (item.required) problems[item.id] = item.type === 'one' || item.type === 'many' ? '请选一个。' : '请填写这一项。'
    } else if (unfit(item, value)) problems[item.id] = unfit(item, value)
    else answers[item.id] = item.type === 'number' ? +value : value
  }
  return { answers, problems }
}

function unfit(item: Item, value: any): string {
  if (item.type === 'text' && value.length > (item.max || 200)) return `写得太长了，请控制在 ${item.max || 200} 个字以内。`
  if (item.type === 'tel' && !/^[\d\- ]{7,20}$/.test(value)) return '电话号码不对，请再看一看。'
  if (item.type === 'number' && !(/^-?\d{1,9}$/.test(value) && +value >= (item.min || 0) && +value <= (item.max ?? 200)))
    return `请填 ${item.min || 0} 到 ${item.max ?? 200} 之间的数。`
  return ''
}

/** Questions to show now. An answer that is no longer asked doesn't count for the next ones. */
export function asked(form: { sections: Section[] }, raw: Answers, given: Given): Set<string> {
  const known: Given = { ...given }, shown = new Set<string>()
  for (const section of form.sections)
    for (const item of section.items)
      if (holds(item.show_if, known)) {
        shown.add(item.id)
        if (!empty(raw[item.id])) known[item.id] = raw[item.id]
      }
  return shown
}

/** Flags, the level the answers suggest, and days to the next visit that the answers alone suggest. */
export function score(form: Partial<Questionnaire>, answers: Answers, given: Given) {
  const known = { ...given, ...answers }
  return {
    flags: (form.flags || []).filter((rule) => holds(rule.when, known)),
    attention: (form.attention || []).find((rule) => holds(rule.when, known)),
    next_days: evaluate(form.next_days ?? null, known) as number | null,
  }
}
