// Steps that several stories take, in the words of the pages.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { test } from 'node:test'
import { axe, evidence, overflow, password } from './hall.mjs'

export const WAIT = 30_000
/** A fresh demo hall draws hundreds of letters first. */
export const LETTERS = 120_000

/** Every wait of a page may be long: the machine that runs the tests is shared. */
export function patient(page) {
  page.setDefaultTimeout(WAIT)
  page.setDefaultNavigationTimeout(WAIT)
  return page
}

/** A story in steps, each a test; after one that failed the others fail at once, and pages are pictured. */
export function story(name, hall) {
  let broken = null
  return (step, run) => test(step, async () => {
    if (broken) throw Object.assign(new Error(`not tried, since “${broken}” failed`), { stack: '' })
    try { await run() } catch (fault) { broken = step; await evidence(hall(), name); throw fault }
  })
}

/** The text box of that name. */
export const box = (scope, name) => scope.getByRole('textbox', { name })

/** Signs in on the page of that name; the server then leads to `next`. */
export async function signIn(page, login, next = '/', secret = password) {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
  await box(page, '账号').fill(login)
  await page.getByLabel('密码', { exact: true }).fill(secret)
  await page.locator('form').getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL(url => url.pathname + url.search === next)
}

/** First sign-in with a printed one-time code, which sets the password. */
export async function redeem(page, login, code, secret) {
  await page.goto('/code')
  await box(page, '账号').fill(login)
  await box(page, '一次性代码').fill(code)
  await page.getByLabel('新密码', { exact: true }).fill(secret)
  await page.getByLabel('再输一次新密码').fill(secret)
  await page.getByRole('button', { name: '登录并设置密码' }).click()
  await page.waitForURL(url => url.pathname !== '/code')
}

/** What the page's own door to the API answers for whoever is signed in. */
export async function api(page, path) {
  const reply = await page.request.get(`/api/v1${path}`)
  assert.equal(reply.status(), 200, `GET ${path}: ${await reply.text()}`)
  return reply.json()
}

/** One command as the pages send it. */
export async function command(hall, page, method, path, data, headers = {}) {
  const { csrf } = await api(page, '/me')
  const reply = await page.request.fetch(`/api/v1${path}`, { method, data, headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': randomUUID(), Origin: hall.base, ...headers } })
  assert.ok(reply.ok(), `${method} ${path}: ${reply.status()} ${await reply.text()}`)
  return reply.json()
}

/** One act on a matter, past the pages: for what other stories show. */
export async function doAct(hall, page, number, name, form) {
  const m = await matterOf(page, number)
  return command(hall, page, 'POST', `/matters/${m.id}/acts`, { act: name, form }, { 'If-Match': `"${m.etag}"` })
}

export async function matterOf(page, number) {
  const { rows } = await api(page, `/matters?number=${number}`)
  assert.equal(rows.length, 1, `no matter ${number}`)
  return api(page, `/matters/${rows[0].matter_id}`)
}

/** Waits until `read` gives something that `holds`; for what happens on the server by itself. */
export async function until(page, read, holds, what, wait = WAIT) {
  const end = Date.now() + wait
  for (let seen; ; await page.waitForTimeout(100)) {
    seen = await read()
    if (holds(seen)) return seen
    if (Date.now() > end) assert.fail(`waited in vain for ${what}: ${JSON.stringify(seen).slice(0, 600)}`)
  }
}

/** The page has its heading and nothing is still being fetched. */
export async function there(page) {
  await page.waitForFunction(() => document.readyState === 'complete' && document.querySelector('h1, h2') && !document.querySelector('.wait') && document.title !== '')
}

/** What every page must be: no fault of CSP or script, nothing wider than the window, no violation by axe. */
export async function good(page, faults, name) {
  await there(page)
  assert.deepEqual(faults, [], `${name}: faults on the page`)
  assert.deepEqual(await overflow(page), [], `${name}: wider than the window`)
  assert.deepEqual(await axe(page), [], `${name}: axe`)
}

/** One page of text; `kib` of noise make it large enough for progress to be seen. */
export function pdf(text, kib = 1) {
  const noise = deflateSync(Buffer.from(Array.from({ length: kib * 1024 }, (_, i) => (i * 7919 + (i >> 3) * 104729) & 255)), { level: 0 })
  const content = `BT /F1 20 Tf 90 700 Td (${text}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${noise.length} /Filter /FlateDecode >>\nstream\n${noise.toString('latin1')}\nendstream`,
  ]
  let out = '%PDF-1.4\n'
  const at = objects.map((body, i) => { const here = out.length; out += `${i + 1} 0 obj\n${body}\nendobj\n`; return here })
  const xref = out.length
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map(n => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}`
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(out, 'latin1')
}

export const file = (name, text, kib) => ({ name, mimeType: 'application/pdf', buffer: pdf(text, kib) })

/** Opens a letter of a matter as its reader does and checks that it is a PDF. */
export async function letter(page, matter, kind) {
  const ready = await until(page, () => api(page, `/matters/${matter.id}`), m => m.documents.some(d => d.letter === kind && d.status === 'ready'), `letter ${kind} of ${matter.number}`, LETTERS)
  const doc = ready.documents.find(d => d.letter === kind && d.status === 'ready')
  const reply = await page.request.get(doc.href)
  assert.equal(reply.status(), 200)
  assert.equal(reply.headers()['content-type'], 'application/pdf')
  const body = await reply.body()
  assert.equal(body.subarray(0, 5).toString(), '%PDF-')
  return body
}
