import { texts } from '../index'

export const zh = {
  title: (item: string) => `申请${item}`, later: '先存着，下次再填', step: (i: number, n: number) => `第 ${i} 步，共 ${n} 步`, stepOf: (what: string, i: number, n: number) => `${what}（第 ${i} 份，共 ${n} 份）`, materials: '材料', answers: '填写内容',
  dirty: '2 秒后自动保存', notSaved: '还没有保存', saveAgain: '再保存一次', elsewhere: '这份申请在别的窗口也改过', useThis: '以这里的为准', useThat: '看那边改的',
  whoTitle: '谁来申请', whoHint: '申请人是将来拿到结果的人。', self: (n: string) => `本人：${n}`, forParty: (n: string) => n, whoNote: { self: '以您自己的名义', legal_representative: '您是法定代表人', agent: '您是经办人', other: '您有授权' } as Record<string, string>, mandateNote: '没有看到您的企业？请带营业执照和授权书到窗口登记授权。', unverified: '您的身份还没有在窗口核验，可以先提交；受理前会请您到窗口核验一次。',
  answersTitle: '填写申请内容', answersPart: (i: number, n: number) => `填写申请内容（${i}/${n}）`, noAnswers: '这个事项没有要填的内容，直接交材料。',
  upload: (name: string) => `上传${name}`, needs: { required: '必须交', optional: '可以不交', conditional: '看情况：符合下面的情形才要交' } as Record<string, string>, exempt: '这份材料部门之间可以核验，一般不用您交。', haveNot: '我现在没有这份材料',
  haveNotText: '可以先提交申请，提交就算收件。还缺材料的，我们在期限内一次告诉您全部要补什么。', haveNotDefer: '这份材料可以容缺：受理时写一份承诺，按约定的日期补上。', paperLabel: '我会把纸质的交到窗口', noteLabel: '要说明的', noteHint: '例如：原件已交窗口', tip: '交之前看一眼', tips: ['文字和印章看得清', '每一页都在，方向是正的', '名称和申请里填的一致'], waitUpload: '还有文件正在上传，传完再继续。', noFile: '没有文件', source: '来源',
  checkTitle: '提交前，再看一遍', whoSection: '谁来办', applicant: '申请人', agent: '经办人', answersSection: '申请内容', materialsSection: '材料', change: '修改', empty: '没有填', fileCount: (n: number) => `${n} 个文件`, paper: '纸质交窗口', missingRequired: '必须交，还没有传', skipped: '不交',
  after: '提交以后会怎样', now: '马上', nowText: '您会得到收件凭证，它能证明您今天交了什么。', before: (d: string) => `${d}前`, correct: '如果材料要补，我们一次说清；没说，就视为今天已受理。', correctPlain: '如果材料要补，我们一次说清。', decide: (p: string | null, l: string | null) => (p && l ? `今天受理的，按承诺到${p}办结；法律最长到${l}。` : `今天受理的，最晚${p ?? l ?? ''}办结。`), decideAt: '作出决定',
  trueText: '以上内容真实。我知道隐瞒有关情况或者提供假材料的，会不予受理或者不予许可并给予警告（行政许可法第七十八条）。', truePlain: '以上内容真实。我知道提供假材料要承担责任。', trueNeeded: '请确认以上内容真实', submit: '提交申请', submitting: '正在提交…',
  resumed: (d: string) => `接着${d}填的继续。`, anew: '从头开始', anewAsk: '删掉已填的内容，从头开始？', goneTitle: '这份申请已经提交或删除了', goneText: '在“我的”里可以看到。',
}
export const applyText = texts(zh, () => import('../en/apply'))
