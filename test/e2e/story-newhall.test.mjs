// A new hall, `huhang init` without --demo: the administrator sets a password and names the other two;
// units, people, roles and one item are set up by those who may; a walk-in with paper gets a licence.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { openHall, person, picture } from './hall.mjs'
import { api, box, good, letter, matterOf, patient, redeem, story, until } from './steps.mjs'

const SECRET = 'a-long-pass-phrase'
const CODE = /[A-Z0-9]{5}-[A-Z0-9]{5}/
let hall
const people = {}
const codes = {}
let number
const step = story('newhall', () => hall)

before(async () => { hall = await openHall({ demo: false }) })
after(async () => { await hall?.close() })

async function arrive(name, options) {
  people[name] = await person(hall, options)
  return patient(people[name].page)
}

async function slip(page) {
  const box = page.locator('.slip')
  await box.waitFor()
  return CODE.exec(await box.innerText())[0]
}

async function hire(page, login, name, unit) {
  await page.getByRole('button', { name: '新增人员' }).first().click()
  const form = page.getByRole('dialog')
  await box(form, '姓名').fill(name)
  await box(form, '账号').fill(login)
  if (unit) await form.getByLabel('部门').selectOption({ label: unit })
  await form.getByRole('button', { name: '新增人员' }).click()
  codes[login] = await slip(page)
  await page.locator('.slip').getByRole('button', { name: '关闭' }).click()
}

async function giveRole(page, name, role, unit) {
  await page.getByRole('row', { name }).getByRole('button', { name: '岗位' }).click()
  const form = page.getByRole('dialog')
  await form.getByText('没有岗位').waitFor()
  await form.getByLabel('岗位', { exact: true }).selectOption({ label: role })
  if (unit) await form.getByLabel('管哪个部门').selectOption({ label: unit })
  await form.getByRole('button', { name: '给岗位' }).click()
  await form.locator('.ls b', { hasText: role }).waitFor()
  await form.getByRole('button', { name: '关闭对话框' }).click()
}

step('the administrator sets a password and names the other two', async () => {
  const page = await arrive('admin')
  await redeem(page, 'admin', CODE.exec(hall.printed)[0], SECRET)
  await page.waitForURL('**/setup')
  await good(page, people.admin.faults, 'setup')
  await box(page, '安全管理员：姓名').fill('安宁')
  await box(page, '安全管理员：账号').fill('anning')
  await box(page, '审计管理员：姓名').fill('沈计')
  await box(page, '审计管理员：账号').fill('shenji')
  await page.getByRole('button', { name: '指定并打印代码' }).click()
  await page.getByText('都指定好了').waitFor()
  await picture(page, 'setup')
  const slips = await page.locator('.slip').allInnerTexts()
  codes.anning = CODE.exec(slips[0])[0]
  codes.shenji = CODE.exec(slips[1])[0]
  await page.getByRole('link', { name: '进入管理' }).click()
  await page.waitForURL('**/admin')
})

step('the system administrator opens the first account, the security administrator gives its role', async () => {
  const { page } = people.admin
  await page.goto('/admin/accounts')
  await hire(page, 'guanju', '关局')
  const security = await arrive('security')
  await redeem(security, 'anning', codes.anning, SECRET)
  await security.goto('/admin/accounts')
  await giveRole(security, '关局', '局内管理员')
  const audit = await arrive('audit')
  await redeem(audit, 'shenji', codes.shenji, SECRET)
  await audit.waitForURL('**/admin/audit')
  await audit.locator('main table tbody tr').first().waitFor()
  await good(audit, people.audit.faults, 'audit')
})

step('the bureau fills in the office, its units and the calendar', async () => {
  const page = await arrive('bureau')
  await redeem(page, 'guanju', codes.guanju, SECRET)
  await page.goto('/b/office')
  await box(page, '大厅名称').fill('南湖区政务服务中心')
  await box(page, '文书落款机关').fill('南湖区行政审批局')
  await box(page, '地址').fill('南湖区学府路9号')
  await box(page, '咨询电话').fill('0573-12345')
  await box(page, '办公时间').fill('工作日 9:00—17:00')
  for (const [label, time] of [['开门', '09:00'], ['午休开始', '12:00'], ['午休结束', '13:30'], ['关门', '17:00']]) await page.getByLabel(label, { exact: true }).fill(time)
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存').waitFor()
  assert.equal((await api(page, '/office')).profile.organ, '南湖区行政审批局')
  await page.goto('/b/units')
  for (const [name, code] of [['交通运输局', 'transport'], ['服务大厅', 'hall']]) {
    await page.getByRole('button', { name: '新增部门' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('名称', { exact: true }).fill(name)
    await box(form, '编码').fill(code)
    await form.getByRole('button', { name: '保存' }).click()
    await page.getByRole('row', { name }).waitFor()
  }
  await good(page, people.bureau.faults, 'units')
  await page.goto('/b/calendar?year=2026')
  await page.getByText('已公布到').waitFor()
  assert.ok((await api(page, '/calendar?year=2026')).days.length > 20)
})

step('one item is created; publication is refused until all eight things are there', async () => {
  const { page } = people.bureau
  const catalogue = {
    schema_version: '1.0',
    items: [{
      id: 'road-freight', name_zh: '道路货物运输经营许可', name_en: 'Road freight licence', dept: '交通运输局', task_type: '01', regime: 'licence', project_type: '2', service_objects: ['1', '2'],
      legal_limit: { value: 20, unit: 'wd', from: 'accept', basis: '道路运输条例第24条', evidence: 'V' }, promised_limit: { value: 5, unit: 'wd' },
      supplement_notice: { value: 5, unit: 'wd', basis: '行政许可法第32条' }, issue_deliver: { value: 10, unit: 'wd', basis: '行政许可法第44条' }, special_procedures: [],
      materials: ['道路货物运输经营申请表', '负责人身份证明', '车辆技术等级证明'].map(name => ({ name, necessity: 'required', deferrable: false, commitment_ok: false, share_exempt: false, source: '10', necessity_code: '1' })),
      fee: { charged: false }, result_doc: '道路运输经营许可证', notice_commitment: 'no', allow_defer: false, onsite_visits: 0, safety_related: false, tags: [], confidence: 'V', deemed_acceptance: true,
    }],
    bundles: [],
  }
  await page.goto('/b/import')
  await page.getByLabel('目录文件').setInputFiles({ name: 'catalogue.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(catalogue)) })
  await page.getByRole('listitem').filter({ hasText: 'road-freight' }).waitFor()
  await page.getByRole('button', { name: '导入', exact: true }).click()
  await page.getByRole('main').getByText('已导入').waitFor()
  await page.goto('/b/items')
  await page.getByRole('link', { name: '道路货物运输经营许可' }).click()
  await page.getByRole('heading', { name: '还不能发布' }).waitFor()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '发布', exact: true }).click()
  await dialog.getByText('没有发布').or(dialog.getByText('不能发布')).or(dialog.locator('[role=alert]')).first().waitFor()
  await page.keyboard.press('Escape')
  assert.equal((await page.request.get('/api/v1/items/road-freight')).status(), 404)
  await page.getByLabel('条件', { exact: true }).fill('有与其经营业务相适应并经检测合格的车辆。')
  await page.getByLabel('数量', { exact: true }).fill('没有数量限制。')
  await box(page, '申请书示范文本').fill('见大厅填单台样本。')
  await box(page, '程序（一行一步）').fill('提交\n受理\n审查\n决定\n送达')
  await page.getByRole('button', { name: '存草稿' }).click()
  await page.getByText('可以发布。').waitFor()
  await good(page, people.bureau.faults, 'item')
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await dialog.getByRole('button', { name: '发布', exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.goto('/i/road-freight')
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) assert.doesNotMatch(await page.locator(`#s${n}`).innerText(), /暂未公布|尚未公布/)
  await good(page, people.bureau.faults, 'guide')
})

step('people for every step, each with a role', async () => {
  const { page } = people.admin
  await page.goto('/admin/accounts')
  const staff = [['chuang', '常窗', '服务大厅', '窗口人员', null], ['shencha', '沈察', '交通运输局', '审查人员', '交通运输局'], ['pizhun', '皮准', '交通运输局', '审批人', '交通运输局'], ['songda', '宋达', '服务大厅', '送达人员', null]]
  for (const [login, name, unit] of staff) await hire(page, login, name, unit)
  const security = people.security.page
  await security.goto('/admin/accounts')
  for (const [, name, , role, unit] of staff) await giveRole(security, name, role, unit)
  for (const [login] of staff) await redeem(await arrive(login), login, codes[login], SECRET)
})

step('a walk-in with paper is received', async () => {
  const { page } = people.chuang
  await page.goto('/w/new')
  await box(page, '证件号').fill('11010519491231002X')
  await page.getByRole('button', { name: '查找' }).click()
  await page.getByText('没有登记过').waitFor()
  await page.getByRole('radio', { name: '个人' }).check()
  await box(page, '名称或姓名').fill('田小路')
  await page.getByRole('button', { name: '登记申请人' }).click()
  await page.getByText('已登记', { exact: true }).waitFor()
  await page.getByRole('combobox', { name: '事项' }).fill('货运')
  await page.getByRole('combobox', { name: '事项' }).fill('货物')
  await page.getByRole('option', { name: '道路货物运输经营许可' }).click()
  await page.getByRole('radio', { name: '首次申请' }).check()
  await box(page, '申请许可的内容').fill('普通货运，自有车辆一辆')
  await box(page, '经营（办理）地址').fill('南湖区学府路9号')
  await box(page, '联系人').fill('田小路')
  await box(page, '联系电话').fill('13900000000')
  await page.getByRole('radio', { name: '窗口领取' }).check()
  for (const name of ['道路货物运输经营申请表', '负责人身份证明', '车辆技术等级证明']) await page.getByRole('checkbox', { name }).check()
  await good(page, people.chuang.faults, 'walk-in')
  await picture(page, 'walk-in', { fullPage: true })
  await page.getByRole('button', { name: '收件', exact: true }).click()
  await page.waitForURL(/\/w\/HH\d+/)
  number = decodeURIComponent(new URL(page.url()).pathname.slice(3))
})

step('the clerk accepts by keyboard; reviewer, approver and counter take it to the licence', async () => {
  const clerk = people.chuang.page
  const rows = clerk.locator('.vt li')
  await rows.first().focus()
  for (let i = 0; i < 3; i++) await clerk.keyboard.press('1').then(() => clerk.keyboard.press('j'))
  await clerk.getByRole('button', { name: '确认受理' }).waitFor()
  await clerk.keyboard.press('Control+Enter')
  await clerk.waitForURL(`**/m/${number}`)

  const reviewer = people.shencha.page
  await reviewer.goto('/a')
  await reviewer.locator('.wl .item', { hasText: '道路货物' }).click()
  const panel = p => p.getByRole('complementary', { name: '作决定' })
  await panel(reviewer).getByRole('radio', { name: /^拟办/ }).check()
  await panel(reviewer).getByRole('radio', { name: /^准予/ }).check()
  await box(panel(reviewer), '审查意见').fill('车辆和人员符合条件，建议准予。')
  await panel(reviewer).getByRole('button', { name: '确认拟办' }).click()
  await reviewer.getByText('已办：拟办').waitFor()

  const approver = people.pizhun.page
  await approver.goto('/a')
  await approver.locator('.wl .item', { hasText: '道路货物' }).click()
  await panel(approver).getByRole('radio', { name: /^准予许可/ }).waitFor()
  await approver.keyboard.press('a')
  await good(approver, people.pizhun.faults, 'approver')
  await panel(approver).getByRole('button', { name: '确认准予许可' }).click()
  await approver.getByText('已办：准予许可').waitFor()

  await reviewer.goto(`/m/${number}`)
  await reviewer.getByRole('button', { name: '制发证照' }).click()
  await reviewer.getByRole('dialog').getByRole('button', { name: '确认制发证照' }).click()
  await reviewer.getByText('已办：制发证照').waitFor()

  const counter = people.songda.page
  await counter.goto('/d')
  await counter.locator('.wl .item', { hasText: '道路货物' }).click()
  await counter.getByRole('radio', { name: '窗口领取' }).check()
  await box(counter, '签收人').fill('田小路')
  await good(counter, people.songda.faults, 'counter')
  await counter.getByRole('button', { name: '确认送达' }).click()
  await counter.getByText('已办：送达').waitFor()

  const done = await until(clerk, () => matterOf(clerk, number), m => m.state === 'delivered', 'the matter to be delivered')
  assert.equal(done.facts.outcome, 'granted')
  for (const kind of ['receipt', 'acceptance', 'grant', 'licence', 'delivery']) await letter(clerk, done, kind)
  for (const { faults } of Object.values(people)) assert.deepEqual(faults, [])
})
