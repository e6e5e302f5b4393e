/* Reads the page aloud with a voice that lives on this device: nothing is sent anywhere. Without such
   a voice for the page's language there is no button. What people typed or chose is not read. */
(() => {
  'use strict'

  const button = document.querySelector('[data-read-aloud]')
  const speech = window.speechSynthesis
  if (!button || !speech) return
  const language = (code) => code.toLowerCase().split(/[-_]/)[0]
  const BLOCKS = 'h1, h2, h3, p, li, dt, dd, legend, label, figcaption, summary, .govuk-hint, .govuk-inset-text, .tile__hint'
  const words = { start: button.textContent, stop: button.dataset.stop }
  let reading = false

  function voice() {
    const own = speech.getVoices().filter(
      (each) => each.localService && language(each.lang) === document.documentElement.lang,
    )
    return own.find((each) => each.default) ?? own[0]
  }

  /* What can be seen, piece by piece, in the order of the page. */
  function pieces() {
    return [...document.querySelectorAll(`main :is(${BLOCKS})`)].filter(
      (block) =>
        block.getClientRects().length && !block.closest('[aria-hidden="true"], .button-row, details:not([open]) > :not(summary)') && !block.querySelector(BLOCKS),
    )
  }

  function read(left) {
    const [block, ...rest] = left
    const covered = document.querySelector('.sheet').inert
    if (!reading || !block || covered) {
      stop()
      return
    }
    const told = new SpeechSynthesisUtterance(block.innerText)
    told.voice = voice()
    told.lang = told.voice.lang
    told.onend = () => {
      block.classList.remove('is-read')
      read(rest)
    }
    told.onerror = stop
    block.classList.add('is-read')
    speech.speak(told)
  }

  function stop() {
    reading = false
    button.textContent = words.start
    for (const block of document.querySelectorAll('.is-read')) block.classList.remove('is-read')
    speech.cancel()
  }

  function offer() {
    button.hidden = !voice()
  }

  button.addEventListener('click', () => {
    if (reading) {
      stop()
      return
    }
    speech.cancel()
    reading = true
    button.textContent = words.stop
    read(pieces())
  })
  window.addEventListener('pagehide', stop)
  document.addEventListener('submit', stop)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stop()
  })
  speech.addEventListener('voiceschanged', offer)
  offer()
})()
