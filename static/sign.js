/* Drawing a signature: points only, 0 to 1 across and down the box, so ink survives rotation,
   a change of size, zoom and sharp screens. The server draws the picture itself. While a pen draws
   or hovers, a touch is the palm of the hand that holds it, and draws nothing. */
(() => {
  'use strict'

  const box = document.querySelector('[data-ink]')
  if (!box) return
  const canvas = box.querySelector('canvas')
  const field = document.getElementById(box.dataset.ink)
  const status = document.querySelector('[data-ink-status]')
  const pad = new SignaturePad(canvas, {
    minWidth: 1.2,
    maxWidth: 3,
    throttle: 8,
    penColor: '#1d1a16'
  })
  let strokes = read()
  let size = { width: 0, height: 0, sharp: 1 }
  let drawingWith = null
  let penSeen = -Infinity
  box.hidden = false
  for (const part of document.querySelectorAll('[data-needs-script]')) part.hidden = false

  function read() {
    try {
      const kept = JSON.parse(field.value)
      return Array.isArray(kept) ? kept : []
    } catch {
      return []
    }
  }

  const share = (value, whole) =>
    Math.round(Math.min(1, Math.max(0, value / whole)) * 10000) / 10000

  /* The points were taken on the box as it was when they were drawn. */
  function keep() {
    const { width, height } = size
    drawingWith = null
    strokes = pad
      .toData()
      .map((stroke) => stroke.points.map((p) => [share(p.x, width), share(p.y, height)]))
    show()
  }

  function show() {
    const before = field.value
    field.value = strokes.length ? JSON.stringify(strokes) : ''
    if (field.value !== before) field.dispatchEvent(new Event('change', { bubbles: true }))
    if (status) status.textContent = strokes.length ? status.dataset.drawn : status.dataset.empty
  }

  function redraw() {
    const { width, height } = canvas.getBoundingClientRect()
    if (!width) return
    endStroke()
    size = { width, height, sharp: window.devicePixelRatio }
    canvas.width = Math.round(width * size.sharp)
    canvas.height = Math.round(height * size.sharp)
    canvas.getContext('2d').scale(size.sharp, size.sharp)
    pad.clear()
    pad.fromData(
      strokes.map((points) => ({
        minWidth: 1.2,
        maxWidth: 3,
        dotSize: 0,
        penColor: '#1d1a16',
        velocityFilterWeight: 0.7,
        compositeOperation: 'source-over',
        points: points.map(([x, y], step) => ({
          x: x * width,
          y: y * height,
          pressure: 0.5,
          time: step * 16
        }))
      }))
    )
  }

  /* The line that is being drawn ends here; what there is of it stays. */
  function endStroke() {
    if (!(drawingWith instanceof PointerEvent)) return
    const { pointerId, pointerType, persistentDeviceId } = drawingWith
    const same = { pointerId, pointerType, persistentDeviceId, cancelable: true }
    window.dispatchEvent(new PointerEvent('pointercancel', same))
  }

  const AFTER_PEN = 1000
  const isPalm = (event) => event.pointerType === 'touch' && event.timeStamp - penSeen < AFTER_PEN
  for (const name of ['pointerover', 'pointermove', 'pointerdown', 'pointerup']) {
    box.addEventListener(name, (event) => {
      if (event.pointerType === 'pen') penSeen = event.timeStamp
    }, true)
  }
  box.addEventListener('pointerdown', (event) => {
    if (isPalm(event) || (drawingWith?.pointerType === 'pen' && event.pointerType === 'touch')) {
      event.stopPropagation()
      event.preventDefault()
    } else if (event.pointerType === 'pen' && drawingWith?.pointerType === 'touch') {
      endStroke()
      strokes.pop()
      redraw()
      show()
    } else if (size.sharp !== window.devicePixelRatio) {
      redraw()
    }
  }, true)

  pad.addEventListener('beginStroke', ({ detail }) => {
    drawingWith = detail.event
  })
  pad.addEventListener('endStroke', keep)
  new ResizeObserver(redraw).observe(canvas)
  const press = (name, then) =>
    document.querySelector(`[data-ink-${name}]`)?.addEventListener('click', () => {
      then()
      redraw()
      show()
    })
  press('undo', () => strokes.pop())
  press('clear', () => {
    strokes = []
  })

  /* The box is there only when drawing is the chosen way. */
  const ways = document.querySelectorAll('[data-way]')
  if (![...ways].some((way) => way.checked)) ways[0].defaultChecked = ways[0].checked = true
  const sync = () => {
    const chosen = document.querySelector('[data-way]:checked').dataset.way
    for (const part of document.querySelectorAll('[data-only-for]')) {
      part.hidden = part.dataset.onlyFor !== chosen
    }
    redraw()
  }
  for (const way of ways) way.addEventListener('change', sync)
  sync()
  show()
})()
