/* Another text size or a dark screen shows at once, and the page stays: nothing typed, ticked or
   drawn on it can be lost. The choice is told to the server by the way. Without this script its
   button posts. */
(() => {
  'use strict'

  const { choose } = document.querySelector('[data-choose]')?.dataset ?? {}
  if (!choose) return
  const root = document.documentElement

  function tell(button) {
    const csrf_token = document.querySelector('input[name="csrf_token"]').value
    const body = new URLSearchParams({ csrf_token, [button.name]: button.value })
    fetch(choose, { method: 'POST', body, redirect: 'manual', keepalive: true }).catch(() => {})
  }

  const sizes = document.querySelectorAll('button[name="show_text"]')
  for (const button of sizes) {
    button.addEventListener('click', (event) => {
      event.preventDefault()
      for (const each of sizes) {
        each.setAttribute('aria-pressed', each === button)
        root.classList.toggle(`text-${each.value}`, each === button)
      }
      tell(button)
    })
  }

  /* One button that says what it would change to, and back. */
  const screen = document.querySelector('button[name="show_screen"]')
  screen?.addEventListener('click', (event) => {
    event.preventDefault()
    tell(screen)
    const dark = root.classList.toggle('dark', screen.value === 'dark')
    screen.value = dark ? 'light' : 'dark'
    screen.textContent = dark ? screen.dataset.light : screen.dataset.dark
  })
})()
