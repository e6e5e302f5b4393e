/* A list of visits is shown anew every half a minute while its page is looked at. Only the list is
   exchanged: what is typed beside it stays, and so does the focus. Who is new in it is said to those
   who listen. Without this script the list is as it was when the page was opened. */
(() => {
  'use strict'

  const EVERY = 30000
  const region = document.querySelector('[data-list]')
  const news = document.querySelector('[data-list-news]')
  if (!region || !news) return

  const links = (list) => new Map([...list.querySelectorAll('a[href]')].map((one) => [one.getAttribute('href'), one]))

  function is_at_rest() {
    const marked = getSelection()
    return !region.querySelector('details[open]') && (marked.isCollapsed || !region.contains(marked.anchorNode)) && !region.querySelector(':active')
  }

  async function fresh() {
    const reply = await fetch(location.href, { redirect: 'manual', headers: { 'Asked-By-Itself': '1' } })
    if (reply.type === 'opaqueredirect') return null
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    return page.querySelector('[data-list]')
  }

  function exchange(list) {
    const before = links(region)
    const focused = region.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null
    const after = links(list)
    if (list.innerHTML === region.innerHTML || (focused && !after.has(focused))) return
    region.innerHTML = list.innerHTML
    if (focused) links(region).get(focused).focus({ preventScroll: true })
    const added = [...after].filter(([href]) => !before.has(href)).map(([, link]) => (link.dataset.who ?? link.innerText).trim())
    if (added.length) news.textContent = `New in the list: ${added.join(', ')}`
  }

  setInterval(async () => {
    if (document.visibilityState !== 'visible' || !is_at_rest()) return
    const list = await fresh().catch(() => null)
    if (list && is_at_rest()) exchange(list)
  }, EVERY)
})()
