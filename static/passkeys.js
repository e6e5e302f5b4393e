/* Passkeys: shows the forms marked for them where the browser can, asks the server for options,
   the browser for an answer, and sends it. */
(() => {
  'use strict'

  if (!window.PublicKeyCredential || !navigator.credentials) return

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0))
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=+$/, '')
  const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }))

  const ways = {
    add: (options) =>
      navigator.credentials.create({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          user: { ...options.user, id: bytes(options.user.id) },
          excludeCredentials: named(options.excludeCredentials),
        },
      }),
    use: (options) =>
      navigator.credentials.get({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          allowCredentials: named(options.allowCredentials),
        },
      }),
  }

  const told = (credential) => {
    const response = {}
    for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[part]) response[part] = text(credential.response[part])
    }
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} }
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const problem = form.querySelector('[role="alert"]')
    form.hidden = false
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      problem.hidden = true
      try {
        const reply = await fetch(form.dataset.options, {
          method: 'POST',
          headers: { 'X-CSRF-Token': form.elements.csrf_token.value },
        })
        if (!reply.ok) throw new Error(reply.statusText)
        const credential = await ways[form.dataset.passkey](await reply.json())
        form.elements.answer.value = JSON.stringify(told(credential))
        form.submit()
      } catch {
        problem.hidden = false
        delete form.dataset.sent
      }
    })
  }
})()
