import { texts } from '../index'

export const zh = {
  drop: '把文件拖到这里', or: '，或', choose: '选择文件', camera: '拍照', rule: (max: string) => `PDF、JPG、PNG、OFD、Word、Excel，每个不超过 ${max}。手机拍照也可以。`,
  kind: '不接受这种文件，请换成 PDF、图片、OFD、Word 或 Excel。', tooLarge: (max: string) => `文件太大，每个不超过 ${max}。`, empty: '这个文件是空的，请重新选。',
  broken: '断了，联网后点“接着传”，从断开的地方继续。',
  progress: (p: number) => `${p}%`, left: (s: number) => (s < 90 ? `还要约 ${s} 秒` : `还要约 ${Math.ceil(s / 60)} 分钟`), resumable: '断网会从断点继续',
  done: '已上传', paused: '已暂停', waiting: '等待上传', pause: '暂停', resume: '接着传', del: '删除',
  region: '上传文件', list: '已选的文件', gone: '已过期，请重新上传', view: (n: string) => `查看 ${n}`,
}
export const uploadText = texts(zh, () => import('../en/upload'))
