/* No button loses typed words. What stands in the boxes of this page and was not sent is kept on the
   server for whoever is signed in, and filled in again when they come back. Nothing is kept in the
   browser. Passwords, codes, files and what tells who a patient is are left alone. A page that is
   open twice tells only of the boxes in which something was done here, and what it knew was kept.
   A form after which the other forms of its page are gone waits until they are sent or cleared. */
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

  const ticks = (box) => box.type === 'checkbox'
  const round = (box) => box.type === 'radio'
  const alike = (box) => [...box.form.elements].filter((one) => round(one) && one.name === box.name)
  const APART = '\n\n'

  /* A box is known by its id, or by its form and name where it has none; round boxes of one name
     are one. The points of a drawing stand in a hidden box (sign.js). */
  for (const form of forms) {
    const about = ['item', 'number', 'question', 'kind'].map((name) => form.querySelector(`input[type="hidden"][name="${name}"]`)?.value ?? '')
    for (const box of form.querySelectorAll(CONTROLS)) {
      if (!box.name || box.autocomplete === 'one-time-code' || box.closest('[data-no-draft]')) continue
      const name = (!round(box) && box.id) || [form.getAttribute('action'), ...about, box.name, ticks(box) ? box.value : ''].join('|')
      if (!boxes.has(name)) boxes.set(name, box)
    }
  }
  if (!boxes.size) return

  const drawn = (box) => 'inkPoints' in box.dataset
  const ink_at_first = new Map([...boxes.values()].filter(drawn).map((box) => [box, box.value]))
  const at_first = (box) => {
    if (drawn(box)) return ink_at_first.get(box)
    if (ticks(box)) return box.defaultChecked
    if (round(box)) return alike(box).find((one) => one.defaultChecked)?.value ?? ''
    if (box.tagName !== 'SELECT') return box.defaultValue
    return ([...box.options].find((each) => each.defaultSelected) ?? box.options[0])?.value ?? ''
  }
  const stands = (box) => {
    if (ticks(box)) return box.checked
    return round(box) ? (alike(box).find((one) => one.checked)?.value ?? '') : box.value
  }

  /* What was kept stands in a box as the box can show it; untouched it is still what was kept. */
  const filled = new Map()
  const now = (name) => {
    const here = stands(boxes.get(name))
    return filled.get(name)?.shown === here ? filled.get(name).kept : here
  }

  const has_one_line = (box) => ['text', 'email', 'tel'].includes(box.type) && !drawn(box)

  /* What was put into a box in two tabs, one under the other: apart on one line where there is only
     one, and the last of what can only be picked or drawn. */
  function show(box, kept) {
    if (ticks(box)) {
      box.checked = kept
      return
    }
    const each = String(kept).split(APART)
    if (round(box)) for (const one of alike(box)) one.checked = one.value === each.at(-1)
    else if (box.tagName === 'TEXTAREA') box.value = kept
    else box.value = has_one_line(box) ? each.join(' // ') : each.at(-1)
  }

  /* A refused form comes back with what it brought, which then stands in it at first and was not
     sent all the same: its draft stays whole. So does that of a form that makes a new record. */
  const before = (name) => 'whole' in script.dataset && name in unsent

  function changed(but) {
    const found = {}
    for (const [name, box] of boxes) {
      if (box.form !== but && (now(name) !== at_first(box) || before(name))) found[name] = now(name)
    }
    return found
  }

  /* What was typed before and not sent. */
  for (const [name, value] of Object.entries(unsent)) {
    const box = boxes.get(name)
    if (!box) continue
    const at_load = stands(box)
    if (at_load !== value) show(box, value)
    filled.set(name, { kept: value, shown: stands(box) })
    if (at_load === value || drawn(box)) continue
    for (let around = box.closest('details'); around; around = around.parentElement.closest('details')) around.open = true
    mark(box, has_one_line(box) && value.includes(APART) ? ' in two windows: both stand here' : '')
  }

  function mark(box, where) {
    const group = box.closest('.govuk-form-group, fieldset') ?? box.parentElement
    if (group.querySelector('.not-sent')) return
    const line = document.createElement('p')
    line.className = 'quiet not-sent'
    line.textContent = `Typed before and not sent yet${where}.`
    group.append(line)
  }

  /* What the server keeps of this page as far as it is known here, and what it was told last, which
     may or may not have come there. */
  let kept = unsent
  let said = unsent
  let last = Promise.resolve()
  let waiting = 0
  let going = false

  function token() {
    return forms[0].querySelector('input[name="csrf_token"]').value
  }

  const only = (from, wanted) => Object.fromEntries(Object.entries(from).filter(([name]) => wanted(name)))
  const has_news = (here) => [...boxes.keys()].some((name) => here[name] !== kept[name])

  /* What stands here in the boxes in which that is not what was known, and what was known of them.
     All others stay as another tab or device left them. */
  function told(here, known) {
    const news = (name) => boxes.has(name) && known.some((one) => one[name] !== here[name])
    return { draft_page: page, other_boxes: JSON.stringify(only(here, news)), known_boxes: JSON.stringify(known.map((one) => only(one, news))) }
  }

  function post(fields, limits) {
    const body = new URLSearchParams({ csrf_token: token(), ...fields })
    return fetch(keep, { method: 'POST', body, redirect: 'manual', ...limits })
  }

  /* One after the other, so that older words never come after newer ones. */
  function save(form) {
    const next = last.then(() => send(form))
    last = next.catch(() => {})
    return next
  }

  /* Gives nothing when the form may go on; else why not: nobody is signed in any more, or somebody
     else is. Words that the server cannot keep are no reason to hold a form back. What stands in a
     form that goes now is said, new or not, whatever became of it elsewhere. */
  async function send(form) {
    const here = changed()
    const known = [kept, said]
    const is_as_known = (name) => name in here && known.every((one) => one[name] === here[name])
    const is_said = (name) => boxes.get(name)?.form === form && is_as_known(name)
    const fields = told(here, known.map((one) => only(one, (name) => !is_said(name))))
    said = here
    const within = () => ({ signal: AbortSignal.timeout(PATIENCE) })
    let reply = await post(fields, within())
    if (reply.status === 400 && (await new_token())) reply = await post(fields, within())
    if (reply.status === 204) kept = here
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
      if (has_news(changed())) save().catch(() => {})
    }, PAUSE)
  }
  document.addEventListener('input', soon)
  document.addEventListener('change', soon)

  window.addEventListener('pagehide', () => {
    const here = changed()
    if (going || !has_news(here)) return
    post(told(here, [kept, said]), { keepalive: true }).catch(() => {})
    said = here
  })
  window.addEventListener('pageshow', () => {
    going = false
  })

  /* Before any form goes, all that was typed is kept; if it cannot be, the page stays. */
  document.addEventListener('submit', async (event) => {
    const { target: form, submitter } = event
    if (event.defaultPrevented || form.dataset.kept || form.method !== 'post') return
    event.preventDefault()
    const left = 'endsThePage' in form.dataset ? Object.keys(changed(form)).map((name) => boxes.get(name)) : []
    if (left.length) {
      delete form.dataset.sent
      for (const box of left) mark(box, '')
      notice_in(form, `Not sent yet on this page: ${[...new Set(left.map(called))].join('; ')}. Send or clear each of them first.`)
      return
    }
    const why = await save(form).catch(() => script.dataset.away)
    delete form.dataset.sent
    if (why) {
      tell(form, why)
      return
    }
    going = true
    for (const [name, value] of Object.entries(told(changed(form), [kept, said]))) add(form, name, value)
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

  const called = (box) => ((ticks(box) || round(box) ? box.closest('fieldset')?.querySelector('legend') : null) ?? box.labels?.[0])?.innerText.trim() ?? 'a drawing'

  function tell(form, sentence) {
    const line = notice_in(form, `${sentence} `)
    if (sentence === script.dataset.away) return
    const link = document.createElement('a')
    link.className = 'govuk-link'
    link.href = script.dataset.door
    link.target = '_blank'
    link.textContent = 'Sign in in a new window'
    line.append(link)
  }

  function notice_in(form, sentence) {
    document.querySelector('.not-gone')?.remove()
    const notice = document.createElement('div')
    notice.className = 'notice notice--stop not-gone'
    notice.setAttribute('role', 'alert')
    const line = document.createElement('p')
    line.textContent = sentence
    notice.append(line)
    form.prepend(notice)
    notice.scrollIntoView({ block: 'center' })
    return line
  }
})()
