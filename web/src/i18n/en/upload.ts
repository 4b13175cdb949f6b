import type { zh } from '../zh/upload'

const en: typeof zh = {
  drop: 'Drag files here', or: ' or ', choose: 'Choose files', camera: 'Take a photo', rule: (max) => `PDF, JPG, PNG, OFD, Word or Excel, at most ${max} each. Photographs are fine.`,
  kind: 'This kind of file is not accepted; use PDF, an image, OFD, Word or Excel.', tooLarge: (max) => `Too large; at most ${max} each.`, empty: 'This file is empty; choose another.',
  broken: 'Interrupted. When you are on-line choose “Resume”; it continues where it stopped.',
  progress: (p) => `${p}%`, left: (s) => (s < 90 ? `about ${s} s left` : `about ${Math.ceil(s / 60)} min left`), resumable: 'resumes after a break',
  done: 'Uploaded', paused: 'Paused', waiting: 'Waiting', pause: 'Pause', resume: 'Resume', del: 'Delete',
  region: 'Upload files', list: 'Chosen files', gone: 'Expired, please upload again', view: (n) => `View ${n}`,
}
export default en
