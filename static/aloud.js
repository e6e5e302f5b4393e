/* Reads the page aloud with a voice that lives on this device: nothing is sent anywhere. Without such
   a voice for the page's language there is no button. Boxes and what was typed into them are not read.
   Stopped, it goes on later with the piece it stopped at; listening keeps the turn open (turn.js). */
(() => {
  'use strict'

  const button = document.querySelector('[data-read-aloud]')
  const speech = window.speechSynthesis
  if (!button || !speech) return
  const language = (code) => code.toLowerCase().split(/[-_]/)[0]
  const BLOCKS = 'h1, h2, h3, h4, p, li, dt, dd, th, td, caption, legend, label, figcaption, summary, .govuk-hint, .govuk-inset-text, .tile__hint'
  const words = { start: button.textContent, stop: button.dataset.stop, goOn: button.dataset.goOn }
  let reading = null
  let stoppedAt = null

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

  function read(block) {
    const covered = document.querySelector('.sheet').inert
    if (covered) return stop()
    const told = new SpeechSynthesisUtterance(block.innerText)
    told.voice = voice()
    told.lang = told.voice.lang
    told.onboundary = heard
    told.onend = () => {
      if (told !== reading) return
      heard()
      next(block)
    }
    told.onerror = () => {
      if (told === reading) stop()
    }
    reading = told
    stoppedAt = block
    block.classList.add('is-read')
    speech.speak(told)
  }

  function next(block) {
    const all = pieces()
    const following = all[all.indexOf(block) + 1]
    block.classList.remove('is-read')
    if (following) return read(following)
    stoppedAt = null
    stop()
  }

  function heard() {
    window.dispatchEvent(new Event('listening'))
  }

  function stop() {
    reading = null
    button.textContent = stoppedAt ? words.goOn : words.start
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
    button.textContent = words.stop
    const all = pieces()
    read(all.includes(stoppedAt) ? stoppedAt : all[0])
  })
  window.addEventListener('pagehide', stop)
  document.addEventListener('submit', stop)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stop()
  })
  speech.addEventListener('voiceschanged', offer)
  offer()
})()
