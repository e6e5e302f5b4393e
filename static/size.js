/* Another text size shows at once, and the page stays: nothing typed, ticked or drawn on it can be
   lost. The choice is told to the server by the way. Without this script its button posts. */
(() => {
  'use strict'

  const { choose } = document.querySelector('[data-choose]')?.dataset ?? {}
  if (!choose) return
  const sizes = document.querySelectorAll('button[name="show_text"]')
  for (const button of sizes) {
    button.addEventListener('click', (event) => {
      event.preventDefault()
      for (const each of sizes) {
        each.setAttribute('aria-pressed', each === button)
        document.documentElement.classList.toggle(`text-${each.value}`, each === button)
      }
      const csrf_token = document.querySelector('input[name="csrf_token"]').value
      const body = new URLSearchParams({ csrf_token, show_text: button.value })
      fetch(choose, { method: 'POST', body, redirect: 'manual', keepalive: true }).catch(() => {})
    })
  }
})()
