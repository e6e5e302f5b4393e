/* The secret of a link stands behind the # of the address, where no server and no preview sees it.
   It is taken from there into the form, and out of the address and the history. A form that asks
   for nothing else is sent at once. */
(() => {
  'use strict'

  function take() {
    const secret = /^#([\w.-]{20,200})$/.exec(location.hash)
    if (!secret) return
    history.replaceState(null, '', location.pathname + location.search)
    const box = document.querySelector('[data-link]')
    box.value = secret[1]
    document.querySelector('[data-code]')?.remove()
    if (box.form.hasAttribute('data-send-link')) box.form.requestSubmit()
  }

  take()
  addEventListener('hashchange', take) // the link once more in the same tab, which loads no page
})()
