import { texts } from '../index'

export const zh = {
  year: '年', month: '月', day: '日', yearShort: '年', monthShort: '月', dayShort: '日',
  paper: '信函预览', results: (n: number) => `有 ${n} 条结果，用上下键选择`, noResults: '没有找到', tryOther: '换个说法试试，例如“食品”“开店”。',
  emptyList: '这里还没有内容', sort: '排序', asc: '升序', desc: '降序', conflictTitle: '您打开这一页以后，这件事变了',
  conflictWho: (t: string, who: string, what: string) => `${t} ${who}办了“${what}”。`, conflictWhat: (state: string) => `现在是“${state}”。`,
  conflictKept: '您写的内容还在，没有丢。', conflictNow: '现在您能做的：', system: '自动', draftKept: '您写好的内容', keepDraft: '复制我写的内容', page: '页面',
  closeDialog: '关闭对话框', wait: '正在取数据…', demoPaper: '草稿', linkOpens: '新窗口打开',
}
export const kit = texts(zh, () => import('../en/kit'))
