import { texts } from '../index'

export const zh = {
  ask: '您要办什么事？', searchLabel: '搜索事项', searchHint: '如：食品许可、开药店', searchGo: '搜索', promised: (x: string) => `承诺${x}`, legal: (x: string) => `法定${x}`, noLimit: '没有法定时限', immediate: '当场办结', bundle: '一件事', bundleFacts: (n: number) => `${n} 个事项`, noHit: '没有找到。换个说法试试，例如“食品”“开店”，或者按部门找。', allHits: (q: string) => `看“${q}”的全部结果`,
  hall: '大厅', hallHours: '办公时间', hallWhere: '在哪里', hallPhone: '电话', hallWindow: '也可以带材料到窗口办，材料和时限都一样。',
  mine: '您正在办的事', mineMore: '看全部', drafts: '没填完的申请', draftGo: '接着填', you: '要您办', notYou: '您不用做什么', due: (d: string) => `${d}到期`,
  brandTitle: '一个品牌，说到做到', brandLead: '每件事都有时限，每个日期都说得清。', facts: { items: '可办事项', online: '网上能交材料', immediate: '当场能办结', free: '不收费' }, unitItems: '项',
  waysTitle: '种办法，一样的时限', waysLead: '在哪里开始都行，材料和时限都一样。', onlineTitle: '网上办', onlineText: (n: number) => `${n} 个事项能在网上交材料，随时保存，换台电脑接着填。`, windowTitle: '到窗口办', windowText: '带材料来，当面收件；缺什么一次说清。',
  channelsTitle: '条快捷通道', channelsLead: '能走哪条，办事指南里写着。', channels: { immediate: { name: '即办', title: '当场办，当场拿', text: '材料齐全，一次到窗口就办结。' }, defer: { name: '容缺', title: '差次要材料，先受理', text: '写份承诺先审，材料限期补。' }, pledge: { name: '承诺', title: '书面承诺，代替证明', text: '先看清条件，再自愿承诺；事后核查。' } }, channelAll: (n: number) => `看全部 ${n} 个事项`, channelNone: '现在没有开通的事项。',
  bundlesTitle: '件“一件事”', bundlesLead: '几个部门的事，一起办。', bundleSoon: '先逐项申请；一张表联合办理还在建设。', themesTitle: '个主题', themesLead: '按要办的事找。', unitsTitle: '个部门', unitsLead: '知道归谁管，就从这里找。', themeItems: (n: number) => `${n} 项`,
  itemsTitle: '事项目录', filters: '筛选', byName: '名称', byUnit: '部门', byTheme: '主题', anyUnit: '全部部门', anyTheme: '全部主题', byChannel: '通道', anyChannel: '不限', found: (n: number, more: boolean) => `${more ? '至少 ' : ''}${n} 个事项`, clear: '清除筛选', materials: (n: number) => `${n} 种材料`, free: '不收费', fee: '收费', online: '网上办', nothing: '没有符合的事项', nothingDo: '少选一个条件，或者换个说法。',
  crumb: '当前位置', bundleLead: (n: number) => `要办 ${n} 个事项`, stage: '阶段', required: '必办', optional: '看情况', jointLimit: '联合办理时限', itemsOf: '包含的事项',
  my: '我的', myLead: '您本人和您代表的企业办的事。', tabs: { open: '在办', waiting: '等您办', closed: '办完的' } as Record<string, string>, myEmpty: '这里还没有办件', myEmptyDo: '申请提交以后就会出现在这里。', startOne: '去找要办的事', draftEmpty: '没有没填完的申请', savedAt: (t: string) => `${t}保存`, discard: '不要了', discardAsk: (n: string) => `删除“${n}”这份没填完的申请？填的内容和传的文件会一起删除。`, discardDo: '删除申请', expires: (d: string) => `保留到${d}`, doneOn: (d: string) => `${d}办结`,
  receiptTitle: '申请已提交', receiptLead: '我们今天收到了您的申请，编号是', receiptNext: '接下来', receiptPrint: '收件凭证（PDF）', receiptWait: '收件凭证正在生成，稍等片刻就能打开。', receiptSee: '看办到哪一步', receiptKeep: '请记下编号。到窗口或登录后都能查。', receiptNow: '马上', receiptNowText: '您可以打开收件凭证，它证明您今天交了什么。', receiptCorrect: (d: string) => `${d}前`, receiptCorrectText: '如果材料要补，我们一次说清。', receiptDecide: '作出决定', receiptDecideText: (d: string) => `最晚 ${d}。`,
  problemTitle: '这条提示是什么意思', problemWhat: '意思', problemDo: '可以怎么做', problemNone: '没有更多说明。',
}
export const portal = texts(zh, () => import('../en/portal'))
