// The registry of kinds: the same names as the server's.
import { attempt } from './attempt.ts'
import { carer_unfit } from './carer_unfit.ts'
import { change } from './change.ts'
import { check } from './check.ts'
import { child_new } from './child_new.ts'
import { contact } from './contact.ts'
import type { Kind } from './kind.ts'
import { report } from './report.ts'
import { visit } from './visit.ts'

export const KINDS: Record<string, Kind> = {}
for (const kind of [visit, attempt, contact, change, carer_unfit, child_new, report, check]) KINDS[kind.name] = kind
