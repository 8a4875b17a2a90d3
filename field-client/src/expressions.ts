// Expressions as small JSON trees, the same language as the server's hutong/policy/expressions: no coercion anywhere,
// a value nobody gave is null, only true is true. Held equal by vectors.json (field-client/tests).
export type Tree = unknown
export type Given = Record<string, unknown>
export class ExpressionError extends Error {}

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isTrue = (value: unknown): boolean => value === true

/** Equal in kind and value; lists item by item. */
export function same(one: unknown, two: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(two)) return one.length === two.length && one.every((a, i) => same(a, two[i]))
  return (one ?? null) === (two ?? null)
}
const contains = (many: unknown, one: unknown): boolean => Array.isArray(many) && many.some((item) => same(item, one))

function ordered(test: (order: number) => boolean) {
  return (one: any, two: any): boolean => {
    const comparable = (isNumber(one) && isNumber(two)) || (typeof one === 'string' && typeof two === 'string')
    return comparable && test(one < two ? -1 : one > two ? 1 : 0)
  }
}
const fold = (step: (a: number, b: number) => number) => (...values: unknown[]) =>
  values.every(isNumber) ? (values as number[]).reduce(step) : null

function dayOf(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return null
  const at = new Date(value + 'T00:00:00Z')
  return isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== value ? null : at.getTime() / 86400e3
}
function addDays(day: unknown, days: unknown): string | null {
  const start = dayOf(day)
  if (start === null || !isNumber(days) || Math.abs(days) > 36600) return null
  return new Date((start + Math.trunc(days)) * 86400e3).toISOString().slice(0, 10)
}
function daysBetween(one: unknown, two: unknown): number | null {
  const start = dayOf(one), end = dayOf(two)
  return start === null || end === null ? null : end - start
}

type Eager = [(...values: any[]) => unknown, number, number]
const MANY = Infinity
const EAGER: Record<string, Eager> = {
  list: [(...values) => values, 0, MANY],
  not: [(value) => !isTrue(value), 1, 1],
  '==': [same, 2, 2],
  '!=': [(one, two) => !same(one, two), 2, 2],
  '<': [ordered((o) => o < 0), 2, 2],
  '<=': [ordered((o) => o <= 0), 2, 2],
  '>': [ordered((o) => o > 0), 2, 2],
  '>=': [ordered((o) => o >= 0), 2, 2],
  in: [(one, ...many) => contains(many, one), 1, MANY],
  has: [contains, 2, 2],
  has_any: [(many, ...wanted) => wanted.some((one) => contains(many, one)), 1, MANY],
  count: [(many) => (Array.isArray(many) ? many.length : 0), 1, 1],
  given: [(v) => !(v === null || v === undefined || v === '' || (Array.isArray(v) && !v.length)), 1, 1],
  '+': [fold((a, b) => a + b), 1, MANY],
  '-': [fold((a, b) => a - b), 2, 2],
  '*': [fold((a, b) => a * b), 1, MANY],
  min: [fold((a, b) => Math.min(a, b)), 1, MANY],
  max: [fold((a, b) => Math.max(a, b)), 1, MANY],
  add_days: [addDays, 2, 2],
  days_between: [daysBetween, 2, 2],
}
const LAZY: Record<string, [number, number]> = { var: [1, 1], if: [3, 3], and: [0, MANY], or: [0, MANY] }
const has = (table: object, name: string): boolean => Object.prototype.hasOwnProperty.call(table, name)

function split(tree: unknown[], depth: number): [string, unknown[]] {
  if (depth > 40) throw new ExpressionError('too deep')
  const [operator, ...parts] = tree
  if (typeof operator !== 'string') throw new ExpressionError('an operator must come first')
  if (!has(LAZY, operator) && !has(EAGER, operator)) throw new ExpressionError('unknown operator ' + operator)
  const [least, most] = has(LAZY, operator) ? LAZY[operator] : [EAGER[operator][1], EAGER[operator][2]]
  if (parts.length < least || parts.length > most) throw new ExpressionError(operator + ': number of arguments')
  if (operator === 'var' && typeof parts[0] !== 'string') throw new ExpressionError('var takes a name')
  return [operator, parts]
}

/** The value of `tree` where `var` looks up `given`. Throws ExpressionError for a tree that is none. */
export function evaluate(tree: Tree, given: Given, depth = 0): unknown {
  if (!Array.isArray(tree)) return tree
  const [operator, parts] = split(tree, depth)
  const value = (part: Tree) => evaluate(part, given, depth + 1)
  if (operator === 'var') return has(given, parts[0] as string) ? (given[parts[0] as string] ?? null) : null
  if (operator === 'if') return value(isTrue(value(parts[0])) ? parts[1] : parts[2])
  if (operator === 'and') return parts.every((part) => isTrue(value(part)))
  if (operator === 'or') return parts.some((part) => isTrue(value(part)))
  return EAGER[operator][0](...parts.map(value))
}

/** Is the tree true? No tree at all holds: nothing was asked. */
export const holds = (tree: Tree, given: Given): boolean => tree === null || tree === undefined || isTrue(evaluate(tree, given))
