/* Small kindnesses for forms. Every page works without this script. */
(() => {
  'use strict'

  /* Errors are met first: focus their summary. */
  const summary = document.getElementById('error-summary')
  if (summary) summary.focus()

  /* A link in the summary goes to the field itself, not just near it. */
  summary?.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]')
    const field = link && document.getElementById(link.hash.slice(1))
    if (!field) return
    event.preventDefault()
    const heading = field.closest('fieldset')?.querySelector('legend') ?? field
    heading.scrollIntoView({ block: 'start' })
    field.focus({ preventScroll: true })
  })

  /* "None of these" asks before it clears other choices. */
  for (const list of document.querySelectorAll('[data-tick-list]')) {
    const boxes = [...list.querySelectorAll('input[type="checkbox"]')]
    const others = (box) =>
      boxes.filter((other) => other !== box && other.checked && (box.matches('[data-exclusive]') || other.matches('[data-exclusive]')))
    list.addEventListener('change', (event) => {
      const box = event.target
      list.querySelector('.ask-clear')?.remove()
      if (!box.checked) return
      const clash = others(box)
      if (!clash.length) return
      if (!box.matches('[data-exclusive]')) {
        for (const other of clash) other.checked = false
        return
      }
      box.checked = false
      ask(box, () => {
        for (const other of clash) other.checked = false
        box.checked = true
      })
    })
  }

  function ask(box, agreed) {
    const tile = box.closest('.tile')
    const told = box.closest('[data-tick-list]').dataset
    const words = tile.querySelector('label').textContent
    const panel = document.createElement('div')
    panel.className = 'ask-clear'
    panel.setAttribute('role', 'group')
    const sentence = document.createElement('p')
    sentence.id = `${box.id}-ask`
    sentence.textContent = told.ask.replace('{choice}', () => words)
    panel.setAttribute('aria-labelledby', sentence.id)
    const row = document.createElement('div')
    row.className = 'button-row'
    const button = (text, kind, then) => {
      const made = document.createElement('button')
      made.type = 'button'
      made.className = `button button--compact${kind}`
      made.textContent = text
      made.addEventListener('click', () => {
        then()
        panel.remove()
        box.focus()
      })
      row.append(made)
      return made
    }
    const yes = button(told.yes, '', agreed)
    button(told.no, ' button--secondary', () => {})
    panel.append(sentence, row)
    tile.after(panel)
    yes.focus()
  }

  /* How many letters are left, said only when it starts to matter. */
  for (const area of document.querySelectorAll('textarea[data-count]')) {
    const limit = Number(area.dataset.count)
    const line = document.querySelector(`[data-count-for="${area.id}"]`)
    const tell = () => {
      const left = limit - [...area.value].length
      line.hidden = left > limit / 4
      const words = left < 0 ? line.dataset.over : line.dataset.left
      line.textContent = words.replace('{count}', Math.abs(left))
    }
    area.addEventListener('input', tell)
    tell()
  }

  /* A second tap on Continue changes nothing. */
  for (const form of document.querySelectorAll('form[method="post"]')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) event.preventDefault()
      form.dataset.sent = 'yes'
    })
  }
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent
  })
})()
