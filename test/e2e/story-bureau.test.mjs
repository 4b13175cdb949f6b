// The bureau at work in the demo hall: an item from nothing to publication, a default of this level changed
// with its reason, and a decision published as the definition wants it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { evidence, openHall, person, picture } from './hall.mjs'
import { api, box, command, doAct, good, matterOf, patient, signIn, until } from './steps.mjs'

let hall
const people = {}

async function arrive(login, next) {
  people[login] ??= await person(hall)
  const { page } = people[login]
  patient(page)
  if (!people[login].known) await signIn(page, login, next)
  else await page.goto(next)
  people[login].known = true
  return page
}
const tale = (name, run) => test(name, async () => {
  try { await run() } catch (fault) { await evidence(hall, 'bureau'); throw fault }
  for (const [who, { faults }] of Object.entries(people)) assert.deepEqual(faults, [], `faults on the pages of ${who}`)
})

before(async () => { hall = await openHall() })
after(async () => { await hall?.close() })

tale('an item is made from nothing, completed and published; an applicant finds it', async () => {
  const page = await arrive('bureau', '/b/items')
  await page.getByRole('button', { name: '新建事项' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '建草稿' }).click()
  await dialog.getByText('请填写事项名称').waitFor()
  await box(dialog, '事项名称').fill('户外广告临时占道许可')
  await box(dialog, '英文').fill('Licence for temporary outdoor advertising')
  await box(dialog, '编码').fill('street-ads')
  await dialog.getByLabel('部门').selectOption({ label: '交通运输局' })
  await dialog.getByRole('radio', { name: '行政许可' }).check()
  await good(page, people.bureau.faults, 'new item')
  await picture(page, 'bureau-new-item')
  await dialog.getByRole('button', { name: '建草稿' }).click()
  await page.waitForURL('**/b/items/street-ads')
  await page.getByRole('heading', { name: '还不能发布' }).waitFor()
  await page.getByLabel('条件', { exact: true }).fill('不妨碍通行，不遮挡交通标志。')
  await page.getByLabel('数量', { exact: true }).fill('没有数量限制。')
  await box(page, '申请书示范文本').fill('见大厅填单台样本。')
  await box(page, '程序（一行一步）').fill('提交\n受理\n审查\n决定\n送达')
  await box(page, '法定期限').first().fill('20wd')
  await box(page, '承诺期限').first().fill('5wd')
  await box(page, '法定期限依据').fill('城市市容和环境卫生管理条例第11条')
  await page.getByLabel('期限依据核对到什么程度').selectOption({ label: '已核对法规原文' })
  await page.getByRole('button', { name: '加一种材料' }).click()
  await box(page, '第 1 种').fill('申请表')
  await page.getByRole('button', { name: '加一种材料' }).click()
  await box(page, '第 2 种').fill('设置效果图')
  await page.getByRole('button', { name: '存草稿' }).click()
  await page.getByText('可以发布。').waitFor()
  await good(page, people.bureau.faults, 'item filled in')
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await dialog.getByRole('button', { name: '发布', exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  const guest = await person(hall)
  patient(guest.page)
  await guest.page.goto('/items?query=占道')
  await guest.page.getByRole('link', { name: '户外广告临时占道许可' }).click()
  await guest.page.getByRole('heading', { level: 1, name: '户外广告临时占道许可' }).waitFor()
  await guest.page.getByText('设置效果图').waitFor()
  await guest.context.close()
})

tale('a default of this level says that it is no law; whoever changes it says why, and the past stays', async () => {
  const page = await arrive('bureau', '/b/params')
  const row = page.getByRole('row', { name: /补正期限.*办件/ })
  await row.getByText('本级预设，不是法律规定').waitFor()
  await row.getByRole('button', { name: /改动和记录/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('没有改过').waitFor()
  await box(dialog, '新的值').fill('20cd')
  await dialog.getByRole('button', { name: '保存改动' }).click()
  await dialog.getByText('请写明为什么改').waitFor()
  await box(dialog, '原因').fill('与市里的规定一致')
  await dialog.getByRole('button', { name: '保存改动' }).click()
  await dialog.getByText('与市里的规定一致').waitFor()
  await good(page, people.bureau.faults, 'parameters')
  await picture(page, 'bureau-param-change')
  await dialog.getByRole('button', { name: '关闭对话框' }).click()
  await row.getByText('20 天').waitFor()
  const answer = (await api(page, '/bureau/params')).rows.find(r => r.kind === 'licensing' && r.name === 'answer')
  assert.equal(answer.level, 'preset')
  assert.equal(answer.history[0].reason, '与市里的规定一致')
})

tale('a decision that must be published is published from its page, once', async () => {
  const citizen = await arrive('citizen1', '/my')
  const guide = await api(citizen, '/items/road-freight')
  const answers = { reason: 'first', content: '普通货运', place: '青岚市高新区惠民路 18 号（虚构）', contact: '田小路', phone: '13900000000', way: 'window' }
  const { number, form } = await command(hall, citizen, 'POST', '/matters', { kind: guide.kind, item: 'road-freight', form: { answers, materials: guide.materials.map(m => ({ code: m.code, files: [], paper: 1 })) } })
  await doAct(hall, await arrive('clerk1', '/w'), number, 'accept', { verdicts: form.materials.map(x => ({ code: x.code, result: 'ok' })) })
  const page = await arrive('transport.reviewer1', `/m/${number}`)
  await doAct(hall, page, number, 'propose', { result: 'grant', opinion: '符合条件。' })
  assert.equal((await matterOf(page, number)).publication, null)
  await doAct(hall, await arrive('transport.approver', '/a'), number, 'grant', {})
  await page.getByText('决定作出后要公示').waitFor() // the page hears of the decision by itself
  assert.equal((await matterOf(await arrive('citizen1', '/my'), number)).publication.possible, false)
  await page.getByRole('button', { name: '公示决定' }).click()
  await page.getByRole('dialog').getByText('不含个人信息').waitFor()
  await good(page, people['transport.reviewer1'].faults, 'publication')
  await page.getByRole('dialog').getByRole('button', { name: '确认公示决定' }).click()
  await page.getByText('已公示。').waitFor()
  const done = await until(page, () => matterOf(page, number), m => m.publication.published_at !== null, 'the publication')
  assert.equal(done.publication.possible, false)
  assert.notEqual(done.clocks.find(k => k.name === 'publish').status, 'running')
})
