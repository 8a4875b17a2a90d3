// The phone app as it is built, with a handle on its modules for the fault harness, a cheap PIN, and a mutant if one is asked for.
import path from 'node:path'
import plain from '../../../field-client/vite.config.js'

const MODULES = ['drafts', 'ids', 'network', 'outbox', 'pack', 'sending', 'store']
const HANDLE = MODULES.map((name) => `import * as hutong_${name} from './${name}.ts'\n`).join('') +
  "import { KINDS as hutong_kinds } from './kinds/index.ts'\n" +
  `window.hutong = { build: '__BUILD__', kinds: hutong_kinds, ${MODULES.map((name) => `${name}: hutong_${name}`).join(', ')} }\n`
const edits = JSON.parse(process.env.HUTONG_MUTANT || '[]')
const once = (code, what, by) => {
  if (code.split(what).length !== 2) throw new Error(`not once in the source: ${what}`)
  return code.replace(what, () => by)
}
const handle = {
  name: 'hutong-faults',
  enforce: 'pre',
  transform(code, id) {
    const name = path.relative(path.resolve(import.meta.dirname, '../../../field-client/src'), id.split('?')[0])
    if (name === 'store.ts') code = once(code, 'iterations = 600_000', 'iterations = 1000')
    for (const [file, was, now] of edits) if (name === file) code = once(code, was, now)
    if (name === 'main.ts') code += HANDLE.replace('__BUILD__', process.env.HUTONG_BUILD || 'A')
    return code
  },
}
export default { ...plain, plugins: [handle, ...plain.plugins], build: { ...plain.build, minify: false } }
