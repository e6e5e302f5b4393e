/* One person's turn at a shared tablet. What was on the screen must not come back with Back,
   and a tablet left lying covers itself. */
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
  const quiet = Number(dialog.dataset.quietSeconds) * 1000
  const wait = Number(dialog.dataset.waitSeconds) * 1000
  const sheet = document.querySelectorAll('body > :not(#still-here)')
  let timer = 0

  function watch() {
    clearTimeout(timer)
    if (dialog.hidden) timer = setTimeout(askStillHere, quiet)
  }

  function askStillHere() {
    for (const part of sheet) part.inert = true
    dialog.hidden = false
    dialog.querySelector('button').focus()
    timer = setTimeout(() => lock.submit(), wait)
  }

  dialog.querySelector('button').addEventListener('click', () => {
    dialog.hidden = true
    for (const part of sheet) part.inert = false
    watch()
  })
  for (const sign of ['pointerdown', 'keydown', 'scroll', 'input']) {
    window.addEventListener(sign, watch, { passive: true })
  }
  watch()
})()
