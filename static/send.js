/* Poor Wi-Fi. A page with a one-time key is sent from here: what the network loses stays on the
   screen and is sent again, the same words with the same key, so that the server writes it once.
   Without this script the form posts as any form does. Nothing is kept in the browser. */
(() => {
  'use strict'

  const PATIENCE = 10_000
  const PAUSES = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000]
  const { nonce } = document.currentScript

  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/service-worker.js').catch(() => {})

  const panel = document.getElementById('unsent')
  const again = panel?.querySelector('button')
  const words = again?.textContent

  document.addEventListener('submit', (event) => {
    const form = event.target
    if (event.defaultPrevented || !panel || !form.querySelector('input[type="hidden"][name="key"]')) return
    event.preventDefault()
    const typed = new URLSearchParams(new FormData(form))
    if (event.submitter?.name) typed.append(event.submitter.name, event.submitter.value)
    send(form, typed)
  })

  /* What was sent must stay what is shown, or words typed meanwhile would be lost unnoticed. */
  async function send(form, typed) {
    form.inert = true
    for (let tries = 0; ; tries += 1) {
      const reply = await post(form.getAttribute('action') || location.href, typed)
      if (reply) {
        arrive(reply)
        return
      }
      tell(form)
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)])
    }
  }

  /* What the server says; nothing when the page or the reply was lost, or the server cannot save. */
  async function post(address, body) {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), PATIENCE)
    try {
      const reply = await fetch(address, {
        method: 'POST',
        body,
        headers: { 'X-Sent-By': 'script' },
        signal: late.signal,
      })
      const [, theirs] = /'nonce-([^']+)'/.exec(reply.headers.get('Content-Security-Policy')) ?? []
      const onward = reply.headers.get('X-Onward')
      return reply.status < 500 && { onward, theirs, html: await reply.text() }
    } catch {
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  /* Onward, or the page again with what must be mended; its scripts run under this page's policy. */
  function arrive({ onward, theirs, html }) {
    if (onward) {
      location.assign(onward)
      return
    }
    document.open()
    document.write(html.replaceAll(`nonce="${theirs}"`, `nonce="${nonce}"`))
    document.close()
  }

  function tell(form) {
    again.textContent = words
    if (!panel.hidden) return
    form.after(panel)
    panel.hidden = false
    again.focus()
  }

  /* Waits; less when the button is pressed or the network comes back. */
  function pause(milliseconds) {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        again.removeEventListener('click', go)
        window.removeEventListener('online', go)
        again.textContent = again.dataset.trying
        resolve()
      }
      const timer = setTimeout(go, milliseconds)
      again.addEventListener('click', go)
      window.addEventListener('online', go)
    })
  }
})()
