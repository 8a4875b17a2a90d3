// When the next visit is due after this one: the shortest interval that applies, like the server's engine.
import { holds, type Given } from './expressions.ts'
import type { Child, Pack } from './pack.ts'
import { score, type Answers, type Questionnaire } from './questionnaire.ts'

const RANKS = ['green', 'blue', 'yellow', 'red']

/** The day, ISO; null when the pack says no cadence. What registers say of the parents only the server knows: it may be sooner. */
export function nextVisit(pack: Pack | null, child: Child, form: Partial<Questionnaire>, answers: Answers, given: Given, on: string): string | null {
  const every: any = pack && pack.next_due
  if (!every || !every.attention) return null
  const told = score(form, answers, given).attention
  const level = RANKS[Math.max(RANKS.indexOf(child.attention), told ? RANKS.indexOf(told.level) : 0)] || 'green'
  const days = [every.attention[level], child.priority ? every.priority : Infinity, raises(form, answers, given, every.raising || []) ? every.raised : Infinity, running(child)]
  return new Date(Date.parse(on) + Math.min(...days) * 86400e3).toISOString().slice(0, 10)
}
/** Do the answers tell of something for which homes are seen more often? */
const raises = (form: Partial<Questionnaire>, answers: Answers, given: Given, kinds: string[]): boolean =>
  (form.facts || []).some((fact) => fact.of === 'child' && kinds.includes(fact.kind) && holds(fact.when, { ...given, ...answers }))
/** The interval that runs now, as far as the pack tells: it holds what only the server knows. */
function running(child: Child): number {
  const gaps = child.duties.filter((one) => one.obligation === 'visit.periodic').map((one) => (Date.parse(one.due_on) - Date.parse(one.opens_on)) / 86400e3)
  return Math.min(Infinity, ...gaps.filter((gap) => gap > 0))
}
