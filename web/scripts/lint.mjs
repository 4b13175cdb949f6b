// House rules that a compiler does not know (frontend.md 3, 6, 10):
//  - imports go downward only: audience > feature > form, clock, chart > kit > api, i18n;
//  - no v-html, no inline style attribute, no localStorage outside the two modules that may;
//  - every file at most 500 lines.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, dirname, sep } from 'node:path'

const root = new URL('../src', import.meta.url).pathname
const floor = { i18n: 0, api: 1, kit: 2, clock: 3, chart: 3, form: 4, feature: 5, audience: 6 }
const store = new Set(['i18n/index.ts', 'kit/modes.ts'])
const faults = []

function floorOf(path) {
  const top = path.split(sep)[0] ?? ''
  return top in floor ? { name: top, level: floor[top] } : null
}

function target(file, spec) {
  if (spec.startsWith('@/')) return spec.slice(2)
  if (spec.startsWith('.')) return relative(root, resolve(dirname(join(root, file)), spec))
  return null
}

for (const entry of readdirSync(root, { recursive: true })) {
  const file = String(entry)
  if (!/\.(?:ts|vue|css)$/.test(file)) continue
  const text = readFileSync(join(root, file), 'utf8')
  const fault = (what) => faults.push(`src/${file}: ${what}`)
  const lines = text.split('\n').length - 1
  if (lines > 500) fault(`${lines} lines, at most 500`)
  if (/\bv-html\b/.test(text)) fault('v-html is forbidden')
  if (/<[a-z][^>]*\sstyle="/i.test(text) && file.endsWith('.vue')) fault('inline style attribute is forbidden')
  if (/\blocalStorage\b/.test(text) && !store.has(file)) fault('localStorage only in i18n/index.ts and kit/modes.ts')
  const own = floorOf(file)
  if (!own) continue
  for (const [, spec] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    const other = target(file, spec)
    const theirs = other === null ? null : floorOf(other)
    if (other !== null && theirs === null && !other.startsWith('style') && !other.startsWith('env'))
      fault(`imports ${spec}, which is above it`)
    if (theirs === null) continue
    if (theirs.level > own.level) fault(`imports ${spec}: ${theirs.name} is above ${own.name}`)
    if (own.name === 'audience' && theirs.name === 'audience' && file.split(sep)[1] !== other.split('/')[1])
      fault(`imports ${spec}: one audience may not import another`)
  }
}

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log('lint: import directions, file sizes and forbidden constructs are in order')
