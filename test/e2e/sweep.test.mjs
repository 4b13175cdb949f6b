// Every route as the audience it is made for, in Chinese and English: axe, faults of CSP and script, five
// widths, Chinese without lang on English pages, the skip link and visible focus. Every other audience
// opens every route too and must meet a page in order (a sign-in, a refusal with words), never a broken one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, openHall, overflow, person, picture, sizes } from './hall.mjs'
import { AUDIENCES, enter, survey } from './routes.mjs'
import { patient, there } from './steps.mjs'

const WIDTHS = [390, 768, 1280, 1440, 1920]
/** Routes pictured for docs/screenshots, at the sizes named. */
const PICTURES = {
  guest: [[/^\/$/, 'portal-home', 'desk', 'phone'], [/^\/items$/, 'items', 'desk'], [/^\/i\//, 'guide', 'phone']],
  applicant1: [[/^\/$/, 'portal-home-mine', 'phone'], [/^\/my$/, 'my', 'phone'], [/^\/m\/\w+-\d+$/, 'matter', 'phone']],
  clerk1: [[/^\/w$/, 'window-list', 'desk', 'phone'], [/^\/w\/\w+-\d+$/, 'intake', 'phone']],
  'market.reviewer1': [[/^\/a\?m=/, 'reviewer', 'wide']],
  bureau: [[/office$/, 'bureau-office', 'desk'], [/staff$/, 'bureau-staff', 'desk'], [/items$/, 'bureau-items', 'desk'], [/food-biz$/, 'bureau-item', 'desk'], [/calendar$/, 'bureau-calendar', 'desk'], [/definitions/, 'bureau-definitions', 'wide'], [/params$/, 'bureau-params', 'desk']],
  admin: [[/^\/admin$/, 'admin', 'desk']],
}
let hall, routes

const taken = new Set()
async function pictures(page, audience, route) {
  const [, name, ...at] = PICTURES[audience]?.find(([which]) => which.test(route)) ?? []
  for (const size of at) {
    if (taken.has(`${name}-${size}`)) continue
    taken.add(`${name}-${size}`)
    await page.setViewportSize(sizes[size])
    await page.waitForTimeout(200)
    await picture(page, size === 'desk' ? name : `${name}-${size}`)
  }
}

/** What no page may show: values that are no words, a date in brackets within brackets, “demo” said twice. */
const slips = page => page.evaluate(() => {
  const text = document.body.innerText
  const out = []
  for (const bad of [/\[object Object\]/, /\bundefined\b/, /\bNaN\b/, /（周.））/, /（演示）（演示）/]) { const m = bad.exec(text); if (m) out.push(text.slice(Math.max(0, m.index - 20), m.index + 30).replaceAll('\n', ' ')) }
  return out
})

const open = async (page, route) => {
  await page.goto(route)
  await there(page)
}

/** Chinese text and Chinese names of controls that no element marks as Chinese. */
const unmarked = page => page.evaluate(() => {
  const han = /[\u3400-\u9fff]/
  const out = []
  const zh = e => e.closest('[lang]')?.lang.startsWith('zh')
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement
    if (han.test(n.data) && !zh(e) && !['SCRIPT', 'STYLE', 'TEXTAREA'].includes(e.tagName)) out.push(`${e.tagName}.${e.className}: ${n.data.trim().slice(0, 40)}`)
  }
  for (const e of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    for (const a of ['aria-label', 'title', 'placeholder', 'alt']) if (han.test(e.getAttribute(a) ?? '') && !zh(e)) out.push(`${e.tagName}[${a}]: ${e.getAttribute(a).slice(0, 40)}`)
  }
  if (han.test(document.title) && document.documentElement.lang === 'en' && !/\p{Script=Latin}/u.test(document.title)) out.push(`title: ${document.title}`)
  return out.slice(0, 8)
})

/** Skip link first, it leads to the page; whatever takes the focus shows it and is not covered. */
async function keyboard(page) {
  const faults = []
  // as after loading: the focus starts from the top of the page
  await page.evaluate(() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex') })
  await page.keyboard.press('Tab')
  const skip = await page.evaluate(() => { const e = document.activeElement; const r = e.getBoundingClientRect(); return e.className.includes('hu-skip') && r.top >= 0 && r.width > 20 })
  if (!skip) faults.push('the first Tab does not show the skip link')
  await page.keyboard.press('Enter')
  if (!(await page.evaluate(() => document.activeElement?.id === 'main'))) faults.push('the skip link does not lead to #main')
  const seen = new Set()
  for (let i = 0; i < 10; i++) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(() => {
      const e = document.activeElement
      if (!e || e === document.body) return null
      const marked = x => { const s = x && getComputedStyle(x); return s && ((s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none') }
      const r = (e.closest('label') ?? e).getBoundingClientRect()
      const shown = marked(e) || marked(e.closest('label')) || marked(e.parentElement)
      const inside = r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth
      return { name: `${e.tagName}.${e.className} ${(e.textContent || e.getAttribute('aria-label') || '').trim().slice(0, 30)}`, shown: !!shown, inside }
    })
    if (!found) break
    if (seen.has(found.name)) continue
    seen.add(found.name)
    if (!found.shown) faults.push(`focus is not visible: ${found.name}`)
    if (!found.inside) faults.push(`focus is out of sight: ${found.name}`)
  }
  return faults
}

async function widths(page) {
  const faults = []
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
    for (const x of await overflow(page)) faults.push(`${width}px: ${x}`)
  }
  await page.setViewportSize(sizes.desk)
  return faults
}

before(async () => { hall = await openHall(); routes = await survey(hall) })
after(async () => { await hall?.close() })

for (const audience of AUDIENCES) {
  for (const lang of ['zh', 'en']) {
    test(`${audience}, ${lang}: each route is in order`, async () => {
      const who = await person(hall)
      const page = patient(who.page)
      const found = []
      if (audience !== 'guest') await enter(page, audience, hall.base)
      await who.context.addInitScript(l => { localStorage.setItem('huhang.lang', l) }, lang)
      for (const route of routes[audience]) {
        const say = (what, list) => { for (const x of list) found.push(`${route} ${what}: ${x}`) }
        await open(page, route)
        if (lang === 'zh') await pictures(page, audience, route)
        say('slip', await slips(page))
        say('axe', await axe(page))
        say('overflow', await widths(page))
        if (lang === 'en') say('Chinese without lang', await unmarked(page))
        else say('keyboard', await keyboard(page))
        say('fault', who.faults.splice(0))
      }
      await who.context.close()
      assert.deepEqual(found, [])
    })
  }

  test(`${audience}: routes made for others meet words, not a broken page`, async () => {
    const who = await person(hall, { size: sizes.phone })
    const page = patient(who.page)
    const found = []
    if (audience !== 'guest') await enter(page, audience, hall.base)
    else await page.goto('/')
    const others = new Set(Object.entries(routes).filter(([name]) => name !== audience).flatMap(([, list]) => list))
    for (const route of others) {
      if (routes[audience].includes(route)) continue
      await page.evaluate(to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate', { state: {} })) }, route)
      await page.waitForFunction(() => !document.querySelector('.wait') && document.querySelector('main h1, main h2, dialog[open] h2, [role=alert]')).catch(() => found.push(`${route}: nothing to read`))
      for (const x of await overflow(page)) found.push(`${route} overflow: ${x}`)
      for (const x of who.faults.splice(0)) found.push(`${route} fault: ${x}`)
      const dialog = page.locator('dialog[open]')
      if (await dialog.count()) await page.keyboard.press('Escape')
    }
    await who.context.close()
    assert.deepEqual(found, [])
  })
}
