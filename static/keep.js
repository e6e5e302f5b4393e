/* No button loses typed words. What is typed on a page of the form is kept on the server a moment
   later, when a box is left, and when the page is: it waits there until its page is sent. Without
   this script the buttons of the page keep it. Nothing is kept in the browser. */
(() => {
  'use strict'

  const form = document.querySelector('form[data-keep]')
  if (!form) return
  const PAUSE = 1_500
  const PATIENCE = 5_000
  const address = form.getAttribute('action')
  const words = () => new URLSearchParams(new FormData(form)).toString()
  const body = (typed) => new URLSearchParams(`${typed}&typed=yes`)
  let kept = words()
  let going = null
  let waiting = 0
  let sent = false

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

  function leave() {
    const now = words()
    if (sent || now === kept || !form.isConnected) return
    if (navigator.sendBeacon(address, body(now))) kept = now
  }

  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(keep, PAUSE)
  })
  form.addEventListener('change', keep)
  window.addEventListener('beforeunload', leave)
  window.addEventListener('pagehide', leave)

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
