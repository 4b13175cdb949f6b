// What goes otherwise: acceptance by silence when the demo clock passes the day, a refusal with its
// reasons, a mistake put right by two, two clerks at once, a session that ends in the middle of a form.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { evidence, openHall, password, person, picture, sizes } from './hall.mjs'
import { api, box, command, doAct, good, letter, matterOf, patient, signIn, until } from './steps.mjs'

let hall
const people = {}
const panel = page => page.getByRole('complementary', { name: '作决定' })

async function arrive(login, next) {
  const who = people[login] ?? await person(hall)
  people[login] = who
  patient(who.page)
  if (!who.known) await signIn(who.page, login, next)
  else await who.page.goto(next)
  who.known = true
  return who.page
}

const send = (...args) => command(hall, ...args)

const ANSWERS = { reason: 'first', content: '普通货运', place: '青岚市高新区惠民路 18 号（虚构）', contact: '田小路', phone: '13900000000', way: 'window' }

/** An application is there, on paper; the main story shows how it is made on the pages. */
async function submitted(item = 'road-freight') {
  const page = await arrive('citizen1', '/my')
  const guide = await api(page, `/items/${item}`)
  const materials = guide.materials.map(m => ({ code: m.code, files: [], paper: 1 }))
  return send(page, 'POST', '/matters', { kind: guide.kind, item, form: { answers: ANSWERS, materials } })
}

const act = (...args) => doAct(hall, ...args)
const allOk = m => m.form.materials.map(x => ({ code: x.code, result: 'ok' }))
async function accepted() {
  const m = await submitted()
  const clerk = await arrive('clerk1', '/w')
  await act(clerk, m.number, 'accept', { verdicts: allOk(m) })
  return m.number
}

const tale = (name, run) => test(name, async () => {
  try { await run() } catch (fault) { await evidence(hall, 'others'); throw fault }
  for (const [who, { faults }] of Object.entries(people)) assert.deepEqual(faults, [], `faults on the pages of ${who}`)
})

before(async () => { hall = await openHall() })
after(async () => { await hall?.close() })

tale('two clerks at once: the second is told who was first and keeps what was typed', async () => {
  const { number } = await submitted()
  const first = await arrive('clerk1', `/w/${number}`)
  people.clerk2 = await person(hall)
  await people.clerk2.context.route('**/api/v1/events', route => route.abort())
  const second = await arrive('clerk2', `/w/${number}`)
  await second.locator('.vt li').first().focus()
  await second.keyboard.press('2')
  await second.keyboard.type('申请表缺少签名')
  await second.getByRole('button', { name: '全部合格' }).click()
  await second.getByRole('button', { name: '确认一次性补正告知' }).waitFor()
  await first.getByRole('button', { name: '全部合格' }).click()
  await first.getByRole('button', { name: '确认受理' }).click()
  await first.waitForURL(`**/m/${number}`)
  await second.getByRole('button', { name: '确认一次性补正告知' }).click()
  const conflict = second.locator('.conflict')
  await conflict.getByText('您打开这一页以后，这件事变了').waitFor()
  assert.match(await conflict.innerText(), /受理/)
  assert.equal(await second.locator('.vt .how input').first().inputValue(), '申请表缺少签名')
  await good(second, people.clerk2.faults, 'conflict')
  await picture(second, 'conflict')
  await conflict.getByRole('button', { name: '看最新的情况' }).click()
  await second.getByText('这一步不用审材料').waitFor()
})

tale('what a second clerk does shows at the first without reload, in the page and in the list', async () => {
  const { number } = await submitted()
  const first = await arrive('clerk1', `/m/${number}`)
  await first.getByRole('heading', { level: 3, name: '提交申请' }).waitFor()
  const list = await people.clerk1.context.newPage()
  await list.goto('/w')
  const row = list.locator('.wl .item', { hasText: number })
  await row.waitFor()
  const second = await arrive('clerk2', '/w')
  await act(second, number, 'accept', { verdicts: allOk(await matterOf(second, number)) })
  await first.getByRole('heading', { level: 3, name: '受理' }).waitFor()
  await list.getByRole('button', { name: '更新列表' }).click()
  await row.waitFor({ state: 'detached' })
  await list.close()
})

tale('an application is saved while it is typed, and goes on at another browser where it stopped', async () => {
  const page = await arrive('citizen1', '/i/road-freight')
  await page.getByRole('button', { name: '开始申请' }).click()
  await page.getByRole('heading', { name: '谁来申请' }).waitFor()
  await page.getByRole('button', { name: '继续' }).click()
  await box(page, '申请许可的内容').fill('存着下次填的内容')
  await page.getByText(/已保存 \d/).waitFor()
  const code = new URL(page.url()).pathname.split('/')[2]
  await until(page, () => api(page, `/drafts/${code}`), d => d.form.answers.content === '存着下次填的内容', 'the draft to be saved by itself')
  const phone = await person(hall, { size: sizes.phone })
  patient(phone.page)
  await signIn(phone.page, 'citizen1', '/my')
  await phone.page.locator(`a[href="/apply/${code}"]`).last().click()
  await phone.page.getByText('填的继续').waitFor()
  assert.equal(await box(phone.page, '申请许可的内容').inputValue(), '存着下次填的内容')
  await good(phone.page, phone.faults, 'resumed on a phone')
  await picture(phone.page, 'apply-resumed-phone')
  await phone.context.close()
})

tale('a session that ends in the middle of a form: sign in over it, nothing typed is lost', async () => {
  const page = await arrive('citizen1', '/i/road-freight')
  await page.getByRole('button', { name: '开始申请' }).click()
  await page.getByRole('heading', { name: '谁来申请' }).waitFor()
  await page.getByRole('button', { name: '继续' }).click()
  await page.getByRole('radio', { name: '首次申请' }).check()
  await box(page, '申请许可的内容').fill('打到一半的内容')
  await people.citizen1.context.clearCookies()
  await box(page, '经营（办理）地址').fill('青岚市高新区惠民路 18 号（虚构）')
  await page.getByRole('button', { name: '继续' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('您填的内容都还在').waitFor()
  await good(page, people.citizen1.faults, 'expired session')
  await picture(page, 'session-expired')
  await box(dialog, '账号').fill('citizen1')
  await dialog.getByLabel('密码').fill(password)
  await dialog.getByRole('button', { name: '登录', exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.waitForURL('**/answers-2')
  const code = new URL(page.url()).pathname.split('/')[2]
  const draft = await until(page, () => api(page, `/drafts/${code}`), d => !!d.form.answers.place, 'the draft to be saved')
  assert.equal(draft.form.answers.content, '打到一半的内容')
  await page.getByRole('link', { name: '上一步' }).click()
  assert.equal(await box(page, '申请许可的内容').inputValue(), '打到一半的内容')
})

tale('a refusal says why, on what basis, and what can be done against it', async () => {
  const number = await accepted()
  const reviewer = await arrive('transport.reviewer1', `/a?m=${number}`)
  await panel(reviewer).getByRole('radio', { name: /^拟办/ }).check()
  await panel(reviewer).getByRole('radio', { name: /^不予/ }).check()
  await box(panel(reviewer), '审查意见').fill('车辆技术等级不符合要求。')
  await panel(reviewer).getByRole('button', { name: '确认拟办' }).click()
  await reviewer.getByText('已办：拟办').waitFor()
  const approver = await arrive('transport.approver', `/a?m=${number}`)
  await panel(approver).getByRole('radio', { name: /^不予许可/ }).check()
  assert.equal(await panel(approver).getByRole('radio', { name: /^准予许可/ }).count(), 0)
  await panel(approver).getByRole('button', { name: '确认不予许可' }).click()
  await approver.getByText(/有 \d 处需要改/).waitFor()
  await box(panel(approver), '理由').fill('所报车辆技术等级为二级，未达到许可条件。')
  await box(panel(approver), '法律依据').fill('《道路运输条例》第二十一条第一项')
  await panel(approver).getByText('看看文书会怎么写').click()
  await panel(approver).getByText('行政复议').first().waitFor()
  await good(approver, people['transport.approver'].faults, 'refusal')
  await picture(approver, 'refusal', { fullPage: true })
  await panel(approver).getByRole('button', { name: '确认不予许可' }).click()
  await approver.getByText('已办：不予许可').waitFor()
  const counter = await arrive('deliverer1', `/d?m=${number}`)
  await counter.getByRole('radio', { name: '窗口领取' }).check()
  await box(counter, '签收人').fill('田小路')
  await counter.getByRole('button', { name: '确认送达' }).click()
  await counter.getByText('已办：送达').waitFor()
  const page = await arrive('citizen1', `/m/${number}`)
  await page.getByText('未达到许可条件').first().waitFor()
  await letter(page, await matterOf(page, number), 'refusal')
})

tale('a mistake is put right in the open, by two persons', async () => {
  const number = await accepted()
  const reviewer = await arrive('transport.reviewer1', `/m/${number}`)
  await act(reviewer, number, 'propose', { result: 'grant', opinion: '误录了另一件的意见' })
  const { seq } = (await matterOf(reviewer, number)).timeline.find(a => a.act === 'propose')
  await reviewer.goto(`/m/${number}`)
  await reviewer.getByRole('button', { name: '更正记录' }).click()
  const dialog = reviewer.getByRole('dialog')
  await dialog.getByLabel('更正第几个动作').fill(String(seq))
  await dialog.getByRole('group', { name: '撤销该动作' }).getByRole('radio', { name: '是' }).check()
  await box(dialog, '理由').fill('误将另一件的审查结论录入本件，现予撤销。')
  await dialog.getByRole('button', { name: '确认更正记录' }).click()
  await dialog.getByText(/还要选 1 个人/).first().waitFor()
  await dialog.getByRole('combobox', { name: '一起办的人' }).fill('transport.reviewer2')
  await dialog.getByRole('option').first().click()
  await good(reviewer, people['transport.reviewer1'].faults, 'correct record')
  await picture(reviewer, 'correct-record')
  await dialog.getByRole('button', { name: '确认更正记录' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const m = await until(reviewer, () => matterOf(reviewer, number), x => x.timeline.some(a => a.act === 'correct_record'), 'the correction')
  assert.equal(m.state, 'review')
  assert.equal(m.timeline.find(a => a.seq === seq).struck, true)
  assert.equal(m.timeline.find(a => a.act === 'correct_record').with.length, 1)
  const page = await arrive('citizen1', `/m/${number}`)
  await page.getByText('已撤销').first().waitFor()
})

tale('no notice went out in five working days: accepted as of receipt, by itself', async () => {
  const { number } = await submitted('hr-service')
  const page = await arrive('citizen1', `/m/${number}`)
  await page.getByText('您不用做什么').waitFor()
  const received = (await matterOf(page, number)).opened_on
  // somebody else watches: the page follows the clock by itself
  const watcher = await arrive('clerk1', `/m/${number}`)
  const clockAt = () => watcher.locator('.demo .lo').innerText()
  const before = await clockAt()
  for (const step of ['5wd', '1wd']) {
    await page.getByLabel('时钟拨快').selectOption(step)
    const reply = page.waitForResponse(r => r.url().endsWith('/demo/clock'))
    await page.getByRole('button', { name: '时钟拨快' }).click()
    assert.equal((await reply).status(), 200)
  }
  await page.getByRole('heading', { level: 3, name: '视为受理' }).waitFor()
  await page.getByText('系统按时限自动办理').first().waitFor()
  await watcher.getByRole('heading', { level: 3, name: '视为受理' }).waitFor()
  await until(watcher, clockAt, x => x !== before, 'the time shown to the watcher to move')
  const m = await matterOf(page, number)
  assert.equal(m.state, 'review')
  assert.equal(m.accepted_on, received)
  assert.equal(m.facts.mode, 'deemed')
  await good(page, people.citizen1.faults, 'deemed acceptance')
  await picture(page, 'deemed')
  await letter(page, m, 'acceptance_deemed')
})
