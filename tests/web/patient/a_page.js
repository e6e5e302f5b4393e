/* What a test asks of a page that stands in the browser. */
window.aPage = {
  /* Everything somebody can act on, in reading order: of an unanswered or answered group of radios
     the one that Tab comes to. */
  stops() {
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
    const met = new Set()
    return [...document.querySelectorAll(all)].filter((it) => {
      if (!it.getClientRects().length || it.disabled || it.closest('details:not([open]) > :not(summary)')) return false
      if (it.type !== 'radio') return true
      const group = `${it.form?.id} ${it.name}`
      const picked = [...document.querySelectorAll('input[type=radio]:checked')].some(
        (each) => each.name === it.name && each.form === it.form,
      )
      if (met.has(group) || (picked && !it.checked)) return false
      met.add(group)
      return true
    })
  },

  /* Its name in a report. */
  named(it) {
    return `${it.tagName.toLowerCase()} ${it.id || it.textContent.trim().slice(0, 30)}`
  },

  /* How it is drawn; what has the focus is drawn in another way. */
  drawn(it) {
    return [it, it.closest('.tile')]
      .filter(Boolean)
      .map((each) => {
        const { outlineStyle, outlineColor, outlineWidth, boxShadow, backgroundColor } = getComputedStyle(each)
        return [outlineStyle, outlineColor, outlineWidth, boxShadow, backgroundColor].join()
      })
      .join()
  },

  /* Begin at the first stop and write down each that has the focus. */
  listen() {
    this.expected = this.stops()
    this.before = this.expected.map((it) => this.drawn(it))
    this.came = []
    this.unseen = []
    document.addEventListener('focusin', ({ target }) => {
      this.came.push(target)
      const place = this.expected.indexOf(target)
      if (place > 0 && this.drawn(target) === this.before[place]) this.unseen.push(this.named(target))
    })
    this.expected[0].focus()
    return this.expected.length
  },

  /* What Tab did not come to, or in another order, or without showing it. */
  heard() {
    const came = this.came.map((it) => this.named(it))
    const wrong = this.expected.map((it) => this.named(it)).filter((name, place) => came[place] !== name)
    return [...wrong.map((name) => `tab: ${name}`), ...this.unseen.map((name) => `focus not seen: ${name}`)]
  },

  /* Links, buttons and boxes that are there to be used, but for what a script adds. */
  controls() {
    return [...document.querySelectorAll('main :is(a[href], button, input:not([type=hidden]), textarea)')]
      .filter((it) => it.getClientRects().length && !it.closest('[data-needs-script], [data-read-aloud], .unsent'))
      .map((it) => `${it.tagName} ${it.id || it.name} ${it.value ?? ''} ${it.getAttribute('href') ?? ''}`)
  },
}
