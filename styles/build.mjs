// Builds static/clinic.css, static/clinic.rtl.css and copies fonts and signature_pad.
// The same sources always give the same bytes, so a check can run it again and compare.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import rtlcss from 'rtlcss'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const packages = join(here, 'node_modules')
const shop = join(here, '..', 'static')

const { css } = sass.compile(join(here, 'clinic.scss'), {
  loadPaths: [packages],
  style: 'compressed',
  quietDeps: true
})
writeFileSync(join(shop, 'clinic.css'), `${css}\n`)
writeFileSync(join(shop, 'clinic.rtl.css'), `${rtlcss.process(css)}\n`)

const fonts = {
  'noto-sans': ['latin', 'latin-ext', 'greek', 'cyrillic'].flatMap((script) => [
    `${script}-400`,
    `${script}-700`
  ]),
  'noto-sans-arabic': ['arabic-400', 'arabic-700'],
  'source-serif-4': ['latin-600', 'latin-ext-600', 'greek-600', 'cyrillic-600'],
  'noto-emoji': ['emoji-400']
}
mkdirSync(join(shop, 'fonts'), { recursive: true })
for (const [family, cuts] of Object.entries(fonts)) {
  const source = join(packages, '@fontsource', family)
  for (const cut of cuts) {
    const name = `${family}-${cut}-normal.woff2`
    copyFileSync(join(source, 'files', name), join(shop, 'fonts', name))
  }
  copyFileSync(join(source, 'LICENSE'), join(shop, 'fonts', `${family}-OFL.txt`))
}

const pad = join(packages, 'signature_pad')
mkdirSync(join(shop, 'vendor'), { recursive: true })
const script = readFileSync(join(pad, 'dist', 'signature_pad.umd.min.js'), 'utf8')
writeFileSync(
  join(shop, 'vendor', 'signature_pad.min.js'),
  `${script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '').trimEnd()}\n`
)
copyFileSync(join(pad, 'LICENSE'), join(shop, 'vendor', 'signature_pad-LICENSE.txt'))
