// The service worker: keeps the empty shell, never an answer of the server and never anything about a person.
const VERSION = 'hutong-__VERSION__'
const ASSETS = __ASSETS__
self.addEventListener('install', (event) => {
  const fresh = ASSETS.map((url) => new Request(url, { cache: 'reload' }))
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(fresh)))
})
self.addEventListener('activate', (event) => {
  const old = (name) => name !== VERSION && name.startsWith('hutong-')
  const tidy = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
  event.waitUntil(tidy.then(() => self.clients.claim()))
})
self.addEventListener('fetch', (event) => {
  const request = event.request
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith('/m/')) return
  const key = request.mode === 'navigate' ? '/m/' : request
  event.respondWith(caches.match(key, { ignoreSearch: true }).then((found) => found || fetch(request)))
})
