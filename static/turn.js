/* One person's turn at a shared tablet. What was on the screen must not come back with Back, and a
   tablet left lying covers itself, then asks the server to lock the turn. */
(() => {
  'use strict'

  const cover = () => document.body.classList.add('is-blank')
  window.addEventListener('pagehide', cover)
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload()
    else document.body.classList.remove('is-blank')
  })

  const dialog = document.getElementById('still-here')
  const lock = document.getElementById('lock-form')
  if (!dialog || !lock) return
  const TELL_AFTER = 20_000
  const TRY_AGAIN_AFTER = 5_000
  const quiet = Number(dialog.dataset.quietSeconds) * 1000
  const wait = Number(dialog.dataset.waitSeconds) * 1000
  const button = dialog.querySelector('button')
  const seconds = dialog.querySelector('[data-seconds-left]')
  const sheet = document.querySelectorAll('body > :not(#still-here)')
  let touchedAt = Date.now()
  let looking = 0
  let telling = 0

  /* Time is compared, not counted: a tablet that slept must not show its page when it wakes. */
  function look() {
    clearTimeout(looking)
    if (!dialog.isConnected) return
    const alone = Date.now() - touchedAt
    if (alone >= quiet) ask(alone)
    const later = alone < quiet ? quiet - alone : 1000
    if (alone < quiet + wait) looking = setTimeout(look, later)
    else leave()
  }

  function ask(alone) {
    seconds.textContent = Math.max(0, Math.ceil((quiet + wait - alone) / 1000))
    if (!dialog.hidden) return
    for (const part of sheet) part.inert = true
    dialog.hidden = false
    button.focus()
  }

  /* The cover stays until the server has locked the turn, however long the network is away. */
  function leave() {
    button.hidden = true
    hand_over().then(
      () => window.location.replace(dialog.dataset.start),
      () => setTimeout(leave, TRY_AGAIN_AFTER),
    )
  }

  /* What was answered on an open page goes along, so that the lock loses no word. */
  async function hand_over() {
    const open = document.getElementById('page-form')
    if (open) {
      const typed = new FormData(open)
      typed.append('left_alone', 'yes')
      const reply = await post(open.getAttribute('action'), typed)
      if (reply.type === 'opaqueredirect') return
    }
    await post(lock.action)
  }

  function touch() {
    if (!dialog.hidden) return
    touchedAt = Date.now()
    look()
    if (!telling) telling = setTimeout(tell, TELL_AFTER)
  }

  /* Reading and writing on one page are told now and then; the server locks what it hears nothing of. */
  function tell() {
    clearTimeout(telling)
    telling = 0
    if (!dialog.isConnected) return
    post(dialog.dataset.touched).then(
      (reply) => {
        if (reply.type === 'opaqueredirect') window.location.reload()
      },
      () => {},
    )
  }

  function post(address, body = new FormData(lock)) {
    return fetch(address, { method: 'POST', body, redirect: 'manual' })
  }

  button.addEventListener('click', () => {
    dialog.hidden = true
    for (const part of sheet) part.inert = false
    touch()
    tell()
  })
  for (const sign of ['pointerdown', 'keydown', 'scroll', 'input', 'listening']) {
    window.addEventListener(sign, touch, { passive: true })
  }
  document.addEventListener('visibilitychange', look)
  look()
})()
