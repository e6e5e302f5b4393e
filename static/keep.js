/* No button loses typed words. What is typed, ticked or drawn on a page with a form is kept on the
   server a moment later, when a box is left, and when the page is: it waits there until its page is
   sent. Without this script the buttons of the page keep it. Nothing is kept in the browser. */
(() => {
  'use strict'

  const form = document.querySelector('form[data-keep]')
  if (!form) return
  const PAUSE = 1_500
  const PATIENCE = 5_000
  const LOOKS = [0, 1_000, 3_000, 6_000, 12_000]
  const address = form.getAttribute('action') || location.href
  const words = () => told(form).toString()
  const body = (typed) => new URLSearchParams(`${typed}&typed=yes`)
  const at_first = boxes(form)
  let touched = Boolean(form.dataset.keep)
  let kept = touched ? '' : words()
  let going = null
  let waiting = 0
  let sent = false

  function told(filled) {
    return new URLSearchParams(new FormData(filled))
  }

  function boxes(filled) {
    const found = told(filled)
    for (const own of ['csrf_token', 'key', 'made_from']) found.delete(own)
    return found.toString()
  }

  /* One after the other, so that older words never come after newer ones. */
  function keep() {
    clearTimeout(waiting)
    going ??= send().catch(() => {}).finally(() => {
      going = null
    })
  }

  async function send() {
    for (let now = words(); now !== kept && !sent; now = words()) {
      const reply = await fetch(address, { method: 'POST', body: body(now), redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) })
      if (reply.status !== 204) return
      kept = now
    }
  }

  /* Also a page that was sent and is not saved yet; once it is, its key is used up. A beacon would do
     too, but browsers let it wait until the next page is there. */
  function leave() {
    const now = words()
    if (!touched || now === kept || !form.isConnected) return
    kept = now
    fetch(address, { method: 'POST', body: body(now), redirect: 'manual', keepalive: true }).catch(() => {})
  }

  form.addEventListener('input', () => {
    touched = true
    clearTimeout(waiting)
    waiting = setTimeout(keep, PAUSE)
  })
  form.addEventListener('change', () => {
    touched = true
    keep()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && touched) keep()
  })
  window.addEventListener('beforeunload', leave)
  window.addEventListener('pagehide', leave)

  /* The last words before a new load may have come to the server after the new page was made. */
  async function look_again() {
    for (const pause of LOOKS) {
      await new Promise((resolve) => setTimeout(resolve, pause))
      const now = await form_there().catch(() => null)
      if (touched || sent || !form.isConnected) return
      if (now && boxes(now) !== at_first) {
        location.reload()
        return
      }
    }
  }

  async function form_there() {
    const reply = await fetch(location.href, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) })
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    return page.querySelector('form[data-keep]')
  }

  const [arrival] = performance.getEntriesByType('navigation')
  if (!touched && ['reload', 'back_forward'].includes(arrival?.type)) look_again()

  /* The page itself goes after what is on its way. */
  document.addEventListener('submit', async (event) => {
    if (event.target !== form) return
    sent = true
    clearTimeout(waiting)
    if (!going) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (form.dataset.sent) return
    const { submitter } = event
    form.dataset.sent = 'yes'
    await going
    delete form.dataset.sent
    form.requestSubmit(submitter)
  }, true)
})()
