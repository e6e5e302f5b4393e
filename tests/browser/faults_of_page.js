(smallest) => {
  const faults = []
  const say = (element, words) => {
    const name = (element.innerText || element.getAttribute('aria-label') || element.name || '').trim().slice(0, 40)
    faults.push(`${element.tagName.toLowerCase()} “${name}”: ${words}`)
  }
  const shown = (element) => {
    const box = element.getBoundingClientRect()
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== 'hidden'
  }

  /* A link in a sentence is as high as its line; everything else is made for fingers. */
  const inSentence = (element) => {
    if (element.tagName !== 'A' || getComputedStyle(element).display !== 'inline') return false
    const whole = element.parentElement.innerText.trim()
    return whole.length > element.innerText.trim().length
  }
  const area = (element) => {
    const label = element.labels && element.labels[0]
    const tile = element.closest('.tile, .chip')
    const boxes = [element, tile, /radio|checkbox|file/.test(element.type) && label]
      .filter(Boolean)
      .map((one) => one.getBoundingClientRect())
    return [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))]
  }
  const targets = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]'
  for (const element of document.querySelectorAll(targets)) {
    const place = element.closest('.tile') ?? element
    if (!shown(place) || inSentence(element) || element.disabled) continue
    const [width, height] = area(element)
    if (width < smallest - 0.5 || height < smallest - 0.5) {
      say(element, `${Math.round(width)} × ${Math.round(height)} is too small`)
    }
  }

  const named = new Map()
  for (const input of document.querySelectorAll('input[type=radio], input[type=checkbox]')) {
    if (!shown(input.closest('.tile') ?? input)) continue
    const key = `${[...document.forms].indexOf(input.form)} ${input.name}`
    named.set(key, [...(named.get(key) ?? []), input])
  }
  for (const group of named.values()) {
    const legends = group.map((input) => input.closest('fieldset')?.querySelector('legend'))
    if (group.length > 1 && !legends.every((legend) => legend?.textContent.trim())) {
      say(group[0], 'choices without a legend')
    }
  }

  for (const paper of document.querySelectorAll('.paper')) {
    if (paper.scrollWidth > paper.clientWidth) say(paper, 'the document is cut off at its side')
  }
  const wide = document.documentElement
  if (wide.scrollWidth > wide.clientWidth) faults.push(`the page is ${wide.scrollWidth - wide.clientWidth} px too wide`)
  return faults
}
