import { texts } from '../index'

export const zh = {
  nav: '主导航', home: '办事', items: '事项目录', mine: '我的', work: '工作台', tools: '显示与账号', workNav: '工作台导航',
  pages: { window: '窗口', approve: '审批', deliver: '送达', bureau: '审批局', admin: '管理', audit: '审计', portal: '办事大厅' },
  account: '账号', changePassword: '改密码', actingFor: (n: string) => `正在代表 ${n} 办理`, myself: '本人', actFor: '以谁的名义办', unverified: '身份未核验',
  find: '按编号或名称找办件', findHint: '找办件', findEmpty: '没有找到。编号要输全。',
  demo: '演示', demoTools: '演示工具', advance: '时钟拨快', demoNow: (d: string) => `现在是 ${d}`, demoWhy: '演示时钟只能往前拨，用来看期限到了会怎样。',
  advances: { '1h': '1 小时', '1wd': '1 个工作日', '3wd': '3 个工作日', '5wd': '5 个工作日', '10wd': '10 个工作日' } as Record<string, string>, advanced: (d: string) => `时钟已拨到 ${d}`,
  untrusted: '服务器时间还没有确认，到期自动办理的步骤先停着，由管理员确认后按顺序补办。', address: '地址', phone: '电话', hours: '办公时间', footer: '页脚',
  keys: [['/', '找办件'], ['J K', '下一行、上一行'], ['Enter', '打开'], ['[ ]', '上一件、下一件'], ['1–4', '材料判断：合格、要补正、容缺、不适用'], ['Alt 1–9', '选结果'], ['A R E', '选决定：准予、不准予、延长'], ['Ctrl Enter', '确认'], ['G W / G A / G D / G B', '去窗口、审批、送达、审批局'], ['P', '打印'], ['?', '这张表']] as [string, string][],
  keysNote: '单键只在列表里起作用，打字时不起作用；只选中，不提交。',
}
export const shell = texts(zh, () => import('../en/shell'))
