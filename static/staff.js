/* The review page: single-letter keys inside a focused card, and Undo that goes when its time is
   up; printing, on a page made for paper; copying a message; sending a form that waited; looking for the seal. Everything works without this script. */
(() => {
  'use strict'

  const review = document.querySelector('.review[data-card-keys]')
  review?.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const card = event.target
    if (!card.matches('[data-card]')) return
    if (event.key === 'o') {
      const other = card.querySelector('details.other')
      if (!other) return
      other.open = true
      other.querySelector('textarea').focus()
    } else if (/^[1-4]$/.test(event.key)) {
      card.querySelector(`[data-key="${event.key}"]`)?.click()
    } else return
    event.preventDefault()
  })

  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }

  for (const button of document.querySelectorAll('[data-copy]')) {
    if (!navigator.clipboard) continue
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value)
      button.textContent = button.dataset.done
    })
  }

  for (const form of document.querySelectorAll('[data-undo]')) {
    setTimeout(() => form.remove(), Number(form.dataset.undo) * 1000)
  }

  /* A page that waits for the seal looks for it, and is shown anew once nobody types on it. */
  const awaited = document.querySelector('[data-await]')
  let looks = 150
  async function look() {
    const typing = document.activeElement.matches('input, textarea, select')
    const reply = typing ? null : await fetch(awaited.dataset.await).catch(() => null)
    if (reply?.status === 200) location.reload()
    else if (--looks) setTimeout(look, 4000)
  }
  if (awaited) setTimeout(look, 4000)

  /* A form that waited for a second step. */
  document.querySelector('form[data-go-on]')?.requestSubmit()

  /* Coming back from a step: the card itself has the focus, so that the keys work on. */
  const card = document.getElementById(location.hash.slice(1))
  if (card?.matches('[data-card]')) card.focus({ preventScroll: true })
})()
