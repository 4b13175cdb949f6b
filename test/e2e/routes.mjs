// Who there is in the demo hall, and the routes made for each; numbers and codes come from its own lists.
import assert from 'node:assert/strict'
import { person } from './hall.mjs'
import { api, patient, signIn } from './steps.mjs'

export const AUDIENCES = ['guest', 'applicant1', 'citizen1', 'clerk1', 'market.reviewer1', 'market.approver', 'deliverer1', 'bureau', 'admin', 'security', 'audit']

/** Signs in; the applicant acts for its first enterprise, which has matters. */
export async function enter(page, login, base) {
  await signIn(page, login, '/')
  if (!login.startsWith('applicant')) return
  const { csrf, mandates } = await api(page, '/me')
  const reply = await page.request.put('/api/v1/session/acting', { data: { party_id: mandates[0].party_id }, headers: { 'X-CSRF-Token': csrf, Origin: base } })
  assert.ok(reply.ok(), await reply.text())
}

export async function survey(hall) {
  const one = async (login, path, pick) => {
    const who = await person(hall)
    patient(who.page)
    await enter(who.page, login, hall.base)
    const found = await pick(who.page, await api(who.page, path))
    await who.context.close()
    return found
  }
  const first = ({ rows }) => { assert.ok(rows.length > 0, 'the demo hall has work for everybody'); return rows[0].number ?? String(rows[0].matter_id) }
  const received = await one('clerk1', '/work?role=clerk&state=received&limit=1', (_, r) => first(r))
  const review = await one('market.reviewer1', '/work?role=reviewer&limit=1', (_, r) => first(r))
  const deciding = await one('market.approver', '/work?role=approver&limit=1', (_, r) => first(r))
  const ready = await one('deliverer1', '/work?role=deliverer&limit=1', (_, r) => first(r))
  const mine = await one('applicant1', '/matters?mine=true&limit=1', async (page, r) => {
    const draft = await page.request.post('/api/v1/drafts', { data: { item: 'food-biz' }, headers: { 'X-CSRF-Token': (await api(page, '/me')).csrf, 'Idempotency-Key': 'sweep-draft-0001', Origin: hall.base } })
    assert.ok(draft.ok(), await draft.text())
    const guide = await api(page, '/items/food-biz')
    const closed = (await api(page, '/matters?mine=true&class=closed&limit=1')).rows[0]?.number
    return { matter: first(r), closed, draft: (await draft.json()).code, material: guide.materials[0].code }
  })
  const bundle = await one('bureau', '/bundles', (_, r) => r.rows[0].code)
  return {
    guest: ['/', '/items', '/items?query=食品', '/i/food-biz', `/bundles/${bundle}`, '/sign-in', '/register', '/code', '/problems/act-need', '/nothing/here'],
    applicant1: ['/', '/my', '/my?tab=closed', '/my/mandates', '/password', `/apply/${mine.draft}/who`, `/apply/${mine.draft}/answers-1`, `/apply/${mine.draft}/${mine.material}`, `/apply/${mine.draft}/check`, `/m/${mine.matter}`, `/m/${mine.matter}/receipt`, ...(mine.closed ? [`/m/${mine.closed}`] : [])],
    citizen1: ['/', '/my'],
    clerk1: ['/w', '/w/new', '/w/people', `/w/${received}`, `/m/${received}`],
    'market.reviewer1': ['/a', `/a?m=${review}`, `/m/${review}`],
    'market.approver': ['/a', `/a?m=${deciding}`],
    deliverer1: ['/d', `/d?m=${ready}`],
    bureau: ['/b/office', '/b/units', '/b/staff', '/b/items', '/b/items/food-biz', '/b/import', '/b/calendar', '/b/definitions?kind=licensing', '/b/params'],
    admin: ['/admin', '/admin/accounts'],
    security: ['/admin/accounts', '/setup'],
    audit: ['/admin/sign-ins', '/admin/audit'],
  }
}
