/* Keeps styles, scripts, fonts and pictures at hand where the Wi-Fi is poor: files under /static/ and
   nothing else. Pages and what people type are never looked at here. A file's address changes with
   the file, so what is kept is never old; the end of a turn empties it all (Clear-Site-Data). */
'use strict'

const SHELF = 'static-files'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url)
  const isFile = origin === self.location.origin && pathname.startsWith('/static/')
  if (isFile && event.request.method === 'GET') event.respondWith(answer(event.request))
})

async function answer(request) {
  const shelf = await caches.open(SHELF)
  const kept = await shelf.match(request)
  if (kept) return kept
  const reply = await fetch(request)
  if (reply.ok) {
    await shelf.delete(request, { ignoreSearch: true })
    await shelf.put(request, reply.clone())
  }
  return reply
}
