// The pack: what a director needs of the village's children, fetched when there is a network, kept encrypted for 14 days.
import type { Questionnaire } from './questionnaire.ts'
import { day } from './ids.ts'
import { call, hello, register } from './network.ts'
import * as store from './store.ts'

export type Duty = { id: any; obligation: string; words: string; at_home?: boolean; opens_on: string; due_on: string; state: string }
export type Carer = { id?: string; carer?: boolean; name: string; relation: string; words?: string; phone?: string }
export type Check = { id: string; name: string; sex: string; birth_date: string | null; ask: string; asked_on: string }
export type Settled = { op: string; field: string; state: string; on: string }
export type Child = {
  priority?: boolean; id: any; base: number; name: string; sex: string; birth_date: string; address: string; attention: string
  categories: { kind: string; words: string }[]; carers: Carer[]; duties: Duty[]
  visits: { on: string; words: string }[]; contacts: Record<string, Record<string, string>>
}
export type Pack = {
  cursor: string; made_at: string; lives_days: number; synced: number; village: { code: any; name: string }
  supervisor: { name: string; phone: string } | null; questionnaires: { id: string; version: number; body: Questionnaire }[]
  children: Child[]; cap: number; cut: boolean; next_due: Record<string, any>
  checks?: Check[]; settled?: Settled[]
}
let held: Pack | null = null, newcomers: Child[] = []
export const current = (): Pack | null => held
export const forget = (): void => { held = null; newcomers = [] }
export const meet = (found: Child[]): void => { newcomers = found }
/** Who is in the pack, and who was met since. */
export const everybody = (): Child[] => [...(held ? held.children : []), ...newcomers]
export const check = (id: string): Check | undefined => (held?.checks || []).find((one) => one.id === id)

/** The pack from disk; one that is older than its life is deleted. */
export async function load(): Promise<Pack | null> {
  const found = await (await store.db()).get('pack', 'pack')
  held = found ? await store.openValue(found, 'pack').catch(() => null) : null
  if (held && daysLeft(held) <= 0) {
    await store.write(['pack'], (t) => t.objectStore('pack').clear())
    held = null
  }
  return held
}
export const daysLeft = (pack: Pack): number => Math.ceil(pack.lives_days - (Date.now() - pack.synced) / 86400e3)

/** Lays a full or partial answer over what is held. */
export function merge(old: Pack | null, got: any): Pack {
  const kept = new Map<any, Child>()
  if (old && !got.full) for (const child of old.children) kept.set(child.id, child)
  for (const id of got.removed || []) kept.delete(id)
  for (const child of got.children) kept.set(child.id, child)
  const { full, removed, ...rest } = got
  return { ...(old || {}), ...rest, children: Array.from(kept.values()), synced: Date.now() }
}

const beside = (pack: Pack | null): string => JSON.stringify([pack?.checks, pack?.settled])
/** Fetches what changed; gives who is signed in, and whether there is anything new to show. */
export async function refresh(): Promise<{ user: { id: any; name: string }; news: boolean }> {
  const me = await hello()
  const device = await register()
  const got = await call('GET', `pack?device=${device}&cursor=${encodeURIComponent(held?.cursor || '')}`)
  const old = held, next = merge(held, got)
  const sealed = await store.sealValue(next, 'pack')
  await store.write(['pack'], (t) => t.objectStore('pack').put(sealed, 'pack'))
  held = next
  return { user: me.user, news: got.full || got.children.length > 0 || got.removed.length > 0 || beside(old) !== beside(next) }
}
export const child = (id: string): Child | undefined => everybody().find((one) => String(one.id) === id)
export const questionnaire = (id: string): Questionnaire | undefined => {
  const all = (held?.questionnaires || []).filter((one) => one.id === id).sort((a, b) => b.version - a.version)
  return all[0] && { ...all[0].body, id, version: all[0].version }
}
/** Boy or girl, and how old, as far as known. */
export function who(one: { sex: string; birth_date: string | null }, today = day()): string {
  const years = age(one.birth_date || '', today)
  return [SEX[one.sex], years === null ? '' : years + ' 岁'].filter(Boolean).join(' ')
}
const SEX: Record<string, string> = { 1: '男', 2: '女' }
export function age(birth: string, today: string): number | null {
  if (!birth) return null
  return +today.slice(0, 4) - +birth.slice(0, 4) - (today.slice(5) < birth.slice(5) ? 1 : 0)
}
