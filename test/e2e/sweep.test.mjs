// Every route as the audience it is made for, in Chinese and English: axe, faults of CSP and script, five
// widths, Chinese without lang on English pages, the skip link and visible focus. Every other audience
// opens every route too and must meet a page in order (a sign-in, a refusal with words), never a broken one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, openHall, overflow, person, picture, sizes } from './hall.mjs'
import { api, patient, signIn, there } from './steps.mjs'

const WIDTHS = [390, 768, 1280, 1440, 1920]
const PICTURES = { '/': 'portal-home', '/items': 'items', '/sign-in': 'sign-in', '/w': 'window-list', '/w/new': 'walk-in-empty', '/a': 'approver-list', '/d': 'counter-list', '/my': 'my', '/b/office': 'bureau-office', '/b/units': 'bureau-units', '/b/staff': 'bureau-staff', '/b/items': 'bureau-items', '/b/calendar': 'bureau-calendar', '/b/definitions': 'bureau-definitions', '/admin': 'admin', '/admin/audit': 'admin-audit' }
let hall, routes

/** Signs in; the applicant acts for its first enterprise, which has matters. */
async function enter(page, login) {
  await signIn(page, login, '/')
  if (!login.startsWith('applicant')) return
  const { csrf, mandates } = await api(page, '/me')
  const reply = await page.request.put('/api/v1/session/acting', { data: { party_id: mandates[0].party_id }, headers: { 'X-CSRF-Token': csrf, Origin: hall.base } })
  assert.ok(reply.ok(), await reply.text())
}

/** Who there is, and the routes made for each; numbers and codes come from the hall's own lists. */
async function survey() {
  const one = async (login, path, pick) => {
    const who = await person(hall)
    patient(who.page)
    await enter(who.page, login)
    const found = await pick(who.page, await api(who.page, path))
    await who.context.close()
    return found
  }
  const first = ({ rows }) => { assert.ok(rows.length > 0, 'the demo hall has work for everybody'); return rows[0].number ?? String(rows[0].matter_id) }
  const received = await one('clerk1', '/work?role=clerk&state=received&limit=1', (_, r) => first(r))
  const review = await one('market.reviewer1', '/work?role=reviewer&limit=1', (_, r) => first(r))
  const ready = await one('deliverer1', '/work?role=deliverer&limit=1', (_, r) => first(r))
  const mine = await one('applicant1', '/matters?mine=true&limit=1', async (page, r) => {
    const draft = await page.request.post('/api/v1/drafts', { data: { item: 'food-biz' }, headers: { 'X-CSRF-Token': (await api(page, '/me')).csrf, 'Idempotency-Key': 'sweep-draft-0001', Origin: hall.base } })
    assert.ok(draft.ok(), await draft.text())
    const guide = await api(page, '/items/food-biz')
    return { matter: first(r), draft: (await draft.json()).code, material: guide.materials[0].code }
  })
  const bundle = await one('bureau', '/bundles', (_, r) => r.rows[0].code)
  return {
    guest: ['/', '/items', '/items?query=食品', '/i/food-biz', `/bundles/${bundle}`, '/sign-in', '/register', '/code', '/problems/act-need', '/nothing/here'],
    applicant1: ['/', '/my', '/my?tab=closed', '/my/mandates', '/password', `/apply/${mine.draft}/who`, `/apply/${mine.draft}/answers-1`, `/apply/${mine.draft}/${mine.material}`, `/apply/${mine.draft}/check`, `/m/${mine.matter}`, `/m/${mine.matter}/receipt`],
    clerk1: ['/w', '/w/new', '/w/people', `/w/${received}`, `/m/${received}`],
    'market.reviewer1': ['/a', `/a?m=${review}`, `/m/${review}`],
    'market.approver': ['/a'],
    deliverer1: ['/d', `/d?m=${ready}`],
    bureau: ['/b/office', '/b/units', '/b/staff', '/b/items', '/b/items/food-biz', '/b/import', '/b/calendar', '/b/definitions'],
    admin: ['/admin', '/admin/accounts'],
    security: ['/admin/accounts', '/setup'],
    audit: ['/admin/sign-ins', '/admin/audit'],
  }
}

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

before(async () => { hall = await openHall(); routes = await survey() })
after(async () => { await hall?.close() })

for (const audience of ['guest', 'applicant1', 'clerk1', 'market.reviewer1', 'market.approver', 'deliverer1', 'bureau', 'admin', 'security', 'audit']) {
  for (const lang of ['zh', 'en']) {
    test(`${audience}, ${lang}: each route is in order`, async () => {
      const who = await person(hall)
      const page = patient(who.page)
      const found = []
      if (audience !== 'guest') await enter(page, audience)
      await who.context.addInitScript(l => { localStorage.setItem('huhang.lang', l) }, lang)
      for (const route of routes[audience]) {
        const say = (what, list) => { for (const x of list) found.push(`${route} ${what}: ${x}`) }
        await open(page, route)
        if (lang === 'zh' && PICTURES[route]) await picture(page, audience === 'applicant1' && route === '/' ? 'portal-home-mine' : PICTURES[route])
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
    if (audience !== 'guest') await enter(page, audience)
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
