/* No button loses typed words. What stands in the boxes of this page and was not sent is kept on the
   server for whoever is signed in, and filled in again when they come back. Nothing is kept in the
   browser. Passwords, codes, files and what tells who a patient is are left alone. */
(() => {
  'use strict'

  const script = document.currentScript
  const keep = script.dataset.keep
  const page = script.dataset.page
  const unsent = JSON.parse(script.dataset.unsent)
  const PAUSE = 1200
  const PATIENCE = 6000
  const forms = [...document.querySelectorAll('main form[method="post"]:not([data-no-draft])')]
  const CONTROLS = 'textarea, select, input:is([type="text"], [type="date"], [type="time"], [type="number"], [type="email"], [type="tel"], [type="checkbox"], [type="radio"], :not([type]), [data-ink-points])'
  const boxes = new Map()

  /* A box is known by its id, or by its form and name where it has none. The points of a drawing
     stand in a hidden box (sign.js). */
  for (const form of forms) {
    const about = ['item', 'number', 'question', 'kind'].map((name) => form.querySelector(`input[type="hidden"][name="${name}"]`)?.value ?? '')
    for (const box of form.querySelectorAll(CONTROLS)) {
      if (!box.name || box.autocomplete === 'one-time-code' || box.closest('[data-no-draft]')) continue
      const ticked = box.type === 'checkbox' || box.type === 'radio'
      const name = box.id || [form.getAttribute('action'), ...about, box.name, ticked ? box.value : ''].join('|')
      if (!boxes.has(name)) boxes.set(name, box)
    }
  }
  if (!boxes.size) return

  const ticks = (box) => box.type === 'checkbox' || box.type === 'radio'
  const drawn = (box) => 'inkPoints' in box.dataset
  const ink_at_first = new Map([...boxes.values()].filter(drawn).map((box) => [box, box.value]))
  const at_first = (box) => {
    if (drawn(box)) return ink_at_first.get(box)
    if (ticks(box)) return box.defaultChecked
    if (box.tagName !== 'SELECT') return box.defaultValue
    return ([...box.options].find((each) => each.defaultSelected) ?? box.options[0])?.value ?? ''
  }
  const now = (box) => (ticks(box) ? box.checked : box.value)

  /* A refused form comes back with what it brought, which then stands in it at first and was not
     sent all the same: its draft stays whole. So does that of a form that makes a new record. */
  const before = (name) => 'whole' in script.dataset && name in unsent

  function changed(but) {
    const found = {}
    for (const [name, box] of boxes) {
      if (box.form !== but && (now(box) !== at_first(box) || before(name))) found[name] = now(box)
    }
    return JSON.stringify(found)
  }

  /* What was typed before and not sent. */
  for (const [name, value] of Object.entries(unsent)) {
    const box = boxes.get(name)
    if (!box || now(box) === value) continue
    if (ticks(box)) box.checked = value
    else box.value = value
    if (drawn(box)) continue
    for (let around = box.closest('details'); around; around = around.parentElement.closest('details')) around.open = true
    mark(box)
  }

  function mark(box) {
    const group = box.closest('.govuk-form-group, fieldset') ?? box.parentElement
    if (group.querySelector('.not-sent')) return
    const line = document.createElement('p')
    line.className = 'quiet not-sent'
    line.textContent = 'Typed before and not sent yet.'
    group.append(line)
  }

  let kept = changed()
  let waiting = 0
  let going = false

  function token() {
    return forms[0].querySelector('input[name="csrf_token"]').value
  }

  function body(words) {
    return new URLSearchParams({ csrf_token: token(), draft_page: page, other_boxes: words })
  }

  /* Gives nothing when the form may go on; else why not: nobody is signed in any more, or somebody
     else is. Words that the server cannot keep are no reason to hold a form back. */
  async function save(words) {
    const post = () => fetch(keep, { method: 'POST', body: body(words), redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) })
    let reply = await post()
    if (reply.status === 400 && (await new_token())) reply = await post()
    if (reply.status === 204) kept = words
    if (reply.status === 0) return script.dataset.signIn
    return reply.status === 400 ? script.dataset.somebodyElse : ''
  }

  /* After signing in again in another window this page's forms need the new token. The server gives
     it only to who this page was made for. */
  async function new_token() {
    const reply = await fetch(`${keep}/token`, { headers: { 'X-CSRF-Token': token() }, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) })
    if (reply.status !== 200) return false
    const found = await reply.text()
    for (const box of document.querySelectorAll('input[name="csrf_token"]')) box.value = found
    return true
  }

  function soon(event) {
    if (!forms.includes(event.target.form)) return
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      if (changed() !== kept) save(changed()).catch(() => {})
    }, PAUSE)
  }
  document.addEventListener('input', soon)
  document.addEventListener('change', soon)

  window.addEventListener('pagehide', () => {
    if (!going && changed() !== kept) navigator.sendBeacon(keep, body(changed()))
  })
  window.addEventListener('pageshow', () => {
    going = false
  })

  /* Before any form goes, all that was typed is kept; if it cannot be, the page stays. */
  document.addEventListener('submit', async (event) => {
    const { target: form, submitter } = event
    if (event.defaultPrevented || form.dataset.kept || form.method !== 'post') return
    event.preventDefault()
    const why = await save(changed()).catch(() => script.dataset.away)
    delete form.dataset.sent
    if (why) {
      tell(form, why)
      return
    }
    going = true
    add(form, 'draft_page', page)
    add(form, 'other_boxes', changed(form))
    form.dataset.kept = 'yes'
    form.requestSubmit(submitter)
    delete form.dataset.kept
  })

  function add(form, name, value) {
    const box = form.querySelector(`input[type="hidden"][name="${name}"]`) ?? document.createElement('input')
    box.type = 'hidden'
    box.name = name
    box.value = value
    form.append(box)
  }

  function tell(form, sentence) {
    document.querySelector('.not-gone')?.remove()
    const notice = document.createElement('div')
    notice.className = 'notice notice--stop not-gone'
    notice.setAttribute('role', 'alert')
    const line = document.createElement('p')
    line.textContent = `${sentence} `
    if (sentence !== script.dataset.away) {
      const link = document.createElement('a')
      link.className = 'govuk-link'
      link.href = script.dataset.door
      link.target = '_blank'
      link.textContent = 'Sign in in a new window'
      line.append(link)
    }
    notice.append(line)
    form.prepend(notice)
    notice.scrollIntoView({ block: 'center' })
  }
})()
