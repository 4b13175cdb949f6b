import { texts } from '../index'

export const zh = {
  needed: (label: string) => `请填写“${label}”`, pick: (label: string) => `请选择“${label}”`, number: (label: string) => `“${label}”要填数字，例如 126`,
  money: (label: string) => `“${label}”要填金额，例如 1200.50`, range: (label: string, a: string, b: string) => `“${label}”要在 ${a} 到 ${b} 之间`, atLeast: (label: string, a: string) => `“${label}”最小是 ${a}`, atMost: (label: string, b: string) => `“${label}”最大是 ${b}`,
  long: (label: string, n: number) => `“${label}”最多 ${n} 个字`, short: (label: string, n: number) => `“${label}”至少 ${n} 个字`, date: (label: string) => `“${label}”不是一个真实的日期`, file: (label: string) => `请上传“${label}”`, material: (label: string) => `“${label}”还没有交`,
  verdict: (n: number) => `还有 ${n} 种材料没有判断`, note: (name: string) => `请写清“${name}”要怎么改`,
  unit: { wd: '个工作日', cd: '天', mo: '个月', h: '小时', y: '年', sh: '个服务小时' } as Record<string, string>, amount: '数量', durUnit: '单位',
  addRow: '再加一行', delRow: (n: number) => `删除第 ${n} 行`, row: (n: number) => `第 ${n} 行`, findPerson: '输入姓名查找', findItem: '输入事项名称查找', findParty: '输入完整的统一社会信用代码或身份证号', findMatter: '输入办件编号', chosen: '已选', drop: (n: string) => `去掉 ${n}`, notFound: '没有找到，请核对',
  paper: '纸质份数', seen: '已核对原件', materialNote: '说明', files: '电子文件', handed: '本次交来', materialsEmpty: '没有要交的材料', required: '必须', optional: '可选', conditional: '看情况', deferrable: '可容缺', commitment: '可承诺', exempt: '可免交',
  verdicts: { ok: '合格', fix: '要补正', defer: '容缺', not_applicable: '不适用', unseen: '未审' } as Record<string, string>, verdictCol: '判断', materialCol: '材料', gotCol: '收到', notLawful: '依法不能选', howToFix: '告诉申请人怎么改', nothingGot: '未收到', gotFiles: (n: number) => `文件 ${n} 个`, gotPaper: (n: number) => `纸质 ${n} 份`,
  checkFirst: '查找', yes: '是', no: '否', everything: '全部合格',
}
export const formText = texts(zh, () => import('../en/form'))
