// Pictures of every route for every audience at each screen size, for whoever looks at the pages:
//   node tour.mjs FOLDER [WORD…]        (of a fresh demo hall, or of HUHANG_BASE=http://…; WORD: part of a name)
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { openHall, overflow, person, sizes } from './hall.mjs'
import { AUDIENCES, enter, survey } from './routes.mjs'
import { patient, there } from './steps.mjs'

const [folder, ...words] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const base = process.env.HUHANG_BASE
const hall = base
  ? { base, pages: [], browser: await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }), async close() { await this.browser.close() } }
  : await openHall()
const routes = await survey(hall)
const want = (process.env.SIZES ?? 'desk,wide,phone').split(',')
for (const audience of AUDIENCES) {
  const named = routes[audience].map(route => ({ route, name: `${audience}${route.replace(/[^\w\u3400-\u9fff]+/g, '_')}`.replace(/_$/, '') })).filter(({ name }) => words.length === 0 || words.some(w => name.includes(w)))
  if (named.length === 0) continue
  const who = await person(hall)
  const page = patient(who.page)
  if (audience !== 'guest') await enter(page, audience, hall.base)
  if (process.env.LANG_EN) await who.context.addInitScript(() => { localStorage.setItem('huhang.lang', 'en') })
  for (const { route, name } of named) {
    for (const size of want) {
      await page.setViewportSize(sizes[size])
      await page.goto(route)
      await there(page).catch(() => console.log(`${name}: not there`))
      await page.waitForTimeout(250)
      for (const x of await overflow(page)) console.log(`${name} ${size}: wider than the window: ${x}`)
      await page.screenshot({ path: path.join(folder, `${name}.${size}.png`), fullPage: size === 'phone' })
    }
    for (const x of who.faults.splice(0)) console.log(`${name}: ${x}`)
  }
  await who.context.close()
}
await hall.close()
