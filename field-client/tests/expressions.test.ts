// The phone's engine against the vectors that the server's engine passes too. Run: node --test field-client/tests
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { evaluate, ExpressionError } from '../src/expressions.ts'
import { asked, check, score } from '../src/questionnaire.ts'

const vectors = JSON.parse(readFileSync(new URL('../../hutong/policy/expressions/vectors.json', import.meta.url), 'utf-8'))

for (const one of vectors.cases)
  test(one.name, () => assert.deepStrictEqual(evaluate(one.tree, one.given), one.value))
for (const one of vectors.errors)
  test(one.name, () => assert.throws(() => evaluate(one.tree, {}), ExpressionError))

const form: any = {
  id: 'x', version: 1,
  sections: [{ id: 's', zh: '', items: [
    { id: 'seen', type: 'many', zh: '', required: true, choices: { child: '孩子', carer: '照看的人' } },
    { id: 'alone', type: 'one', zh: '', choices: { yes: '是' }, show_if: ['has', ['var', 'seen'], 'child'] },
    { id: 'why', type: 'text', zh: '', max: 3, show_if: ['==', ['var', 'alone'], 'yes'] },
  ] }],
  flags: [{ kind: 'f', severity: 'red', when: ['==', ['var', 'alone'], 'yes'], text_zh: '看' }],
  next_days: ['if', ['==', ['var', 'alone'], 'yes'], 7, null],
}
test('an answer that is no longer asked is dropped, and what depended on it too', () => {
  const raw = { seen: ['carer'], alone: 'yes', why: '一二三四' }
  assert.deepEqual([...asked(form, raw, {})], ['seen'])
  assert.deepEqual(check(form, raw, {}), { answers: { seen: ['carer'] }, problems: {} })
})
test('what is missing or too long is said by question', () => {
  assert.deepEqual(Object.keys(check(form, {}, {}).problems), ['seen'])
  assert.deepEqual(Object.keys(check(form, { seen: ['child'], alone: 'yes', why: '一二三四' }, {}).problems), ['why'])
})
test('flags and next visit follow from the answers', () => {
  const found = score(form, { seen: ['child'], alone: 'yes' }, {})
  assert.equal(found.flags.length, 1)
  assert.equal(found.next_days, 7)
})
