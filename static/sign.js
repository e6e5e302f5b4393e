/* Drawing a signature: points only, 0 to 1 across and down the box, so ink survives rotation,
   a change of size and sharp screens. The server draws the picture itself. */
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

  function keep() {
    const { width, height } = canvas.getBoundingClientRect()
    strokes = pad
      .toData()
      .map((stroke) => stroke.points.map((p) => [share(p.x, width), share(p.y, height)]))
    show()
  }

  function show() {
    field.value = strokes.length ? JSON.stringify(strokes) : ''
    if (status) status.textContent = strokes.length ? status.dataset.drawn : status.dataset.empty
  }

  function redraw() {
    const { width, height } = canvas.getBoundingClientRect()
    if (!width) return
    const sharp = Math.max(window.devicePixelRatio || 1, 1)
    canvas.width = Math.round(width * sharp)
    canvas.height = Math.round(height * sharp)
    canvas.getContext('2d').scale(sharp, sharp)
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
  if (![...ways].some((way) => way.checked)) ways[0].checked = true
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
