// What the browser stories share: a real server on a fresh folder, people in Chromium, checks on every
// page (no CSP violation, no script error, no overflow, axe), pictures into docs/screenshots when
// HUHANG_PICTURES is set.
import { spawn, execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const program = process.env.HUHANG ?? path.join(root, 'build/src/main/huhang')
export const password = 'huhang-demo'
const logs = path.join(root, 'build/test-logs')
const pictures = process.env.HUHANG_PICTURES === '1' ? path.join(root, 'docs/screenshots') : null

export const sizes = {
  desk: { width: 1440, height: 900 },
  wide: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
}

function init(folder, demo) {
  const data = path.join(folder, 'data')
  const env = { ...process.env, HUHANG_KEY_FILE: path.join(folder, 'office.key') }
  return execFileSync(program, ['init', '--data', data, ...(demo ? ['--demo'] : [])], { env }).toString()
}

/** The demo hall takes its time to make: one for all stories of a run, each story gets a copy. */
function demoFolder() {
  const { size, mtimeMs } = statSync(program)
  const kept = path.join(tmpdir(), `huhang-e2e-demo-${size}-${Math.floor(mtimeMs)}`)
  if (existsSync(kept) && Date.now() - statSync(kept).mtimeMs < 3_600_000) return kept
  rmSync(kept, { recursive: true, force: true })
  const made = mkdtempSync(path.join(tmpdir(), 'huhang-e2e-made-'))
  init(made, true)
  try { renameSync(made, kept) } catch { rmSync(made, { recursive: true, force: true }) } // another story was first
  return kept
}

/** A server on a new folder; demo: with a hall full of work. */
export async function openHall({ demo = true } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'huhang-e2e-'))
  const data = path.join(folder, 'data')
  const env = { ...process.env, HUHANG_KEY_FILE: path.join(folder, 'office.key') }
  if (demo) cpSync(demoFolder(), folder, { recursive: true })
  const printed = demo ? '' : init(folder, false)
  const server = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  process.once('exit', () => server.kill('SIGKILL')) // also after a failed hook
  const base = await new Promise((resolve, reject) => {
    let text = ''
    server.stdout.on('data', piece => {
      text += piece
      const found = /listening on (\S+)/.exec(text)
      if (found) resolve(found[1])
    })
    server.on('exit', code => reject(new Error(`the server ended with ${code}`)))
  })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  return {
    base, browser, data, folder, env, printed, server, pages: [],
    async close() {
      await browser.close()
      server.kill('SIGTERM')
      await new Promise(done => server.on('exit', done))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A person's own browser: cookies apart from everybody else's. */
export async function person(hall, { size = sizes.desk, lang = 'zh-CN' } = {}) {
  const context = await hall.browser.newContext({ viewport: size, locale: lang, baseURL: hall.base, reducedMotion: 'reduce' })
  const page = await context.newPage()
  hall.pages.push(page)
  const faults = []
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', e => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`))
  })
  page.on('pageerror', e => faults.push(String(e)))
  page.on('console', m => { if (m.type() === 'error' && /CSP|Trusted/i.test(m.text())) faults.push(m.text()) })
  return { context, page, faults }
}

export async function settled(page) {
  await page.waitForLoadState('networkidle')
}

/** Nothing wider than the window, no clipped text, no tofu. */
export async function overflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth + 1
    const out = []
    for (const e of document.querySelectorAll('body *')) {
      const box = e.getBoundingClientRect()
      if (box.width && box.right > document.documentElement.clientWidth + 1 && getComputedStyle(e).position !== 'fixed' && !e.closest('[data-scroll]')) {
        out.push(`${e.tagName}.${e.className} ${Math.round(box.right)}`)
      }
    }
    return wide ? out.slice(0, 5) : []
  })
}

export async function axe(page) {
  const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  return result.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target.join(' ')} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`).join(' | ')}`)
}

export async function picture(page, name, options = {}) {
  if (!pictures) return
  if (!existsSync(pictures)) mkdirSync(pictures, { recursive: true })
  // sticky bars stand at the top of a picture of the whole page
  if (options.fullPage) await page.evaluate(() => scrollTo(0, 0))
  await page.screenshot({ path: path.join(pictures, name + '.png'), ...options })
}

/** Pictures of every open page beside the test logs, for whoever looks for the cause of a failure. */
export async function evidence(hall, name) {
  mkdirSync(logs, { recursive: true })
  for (const [i, page] of (hall?.pages ?? []).entries()) {
    if (!page.isClosed()) await page.screenshot({ path: path.join(logs, `e2e-${name}-${i + 1}.png`) }).catch(() => undefined)
  }
}
