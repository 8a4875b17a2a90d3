// Builds the phone app into dist/: one page, one script, one style sheet, and a service worker that knows their names.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'

/** Writes sw.js with the list of built files, so that a new build is a new version of the worker. */
const worker = () => ({
  name: 'hutong-worker',
  generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter((name) => name !== 'index.html').sort()
    const assets = ['/m/', '/m/manifest.webmanifest', '/m/icon.svg', ...files.map((name) => '/m/' + name)]
    const source = readFileSync(new URL('src/sw.js', import.meta.url), 'utf-8')
    const html = readFileSync(new URL('index.html', import.meta.url), 'utf-8')
    const version = createHash('sha256').update(assets.join() + html + source).digest('hex').slice(0, 10)
    const text = source.replace('__VERSION__', version).replace('__ASSETS__', JSON.stringify(assets))
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: text })
  },
})

export default defineConfig({
  base: '/m/',
  plugins: [worker()],
  build: { target: ['chrome64', 'safari12'], cssTarget: ['chrome64', 'safari12'], modulePreload: false, assetsInlineLimit: 0 },
})
