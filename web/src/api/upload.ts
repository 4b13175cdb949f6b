// Resumable uploads by the tus protocol in pieces of 2 MiB. The library is fetched when the first file
// is chosen. Kind and size are checked before sending; the server's hash decides in the end.
import { shallowReactive } from 'vue'
import { base, door } from './client'
import { uploadText } from '@/i18n/zh/upload'
import { fmtSize } from '@/i18n/format'

export const maxSize = 50 * 1024 * 1024
const piece = 2 * 1024 * 1024
const kinds: Record<string, string> = {
  pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', ofd: 'application/ofd',
  doc: 'application/msword', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
export const acceptList = '.pdf,.jpg,.jpeg,.png,.ofd,.doc,.docx,.xls,.xlsx'

export type UploadState = 'waiting' | 'sending' | 'paused' | 'broken' | 'done' | 'refused'
export interface Upload {
  id: number; name: string; size: number; sent: number; state: UploadState; left: number | null
  token: string; fault: string; thumb: string; pause(): void; resume(): void; remove(): Promise<void>
}

let count = 0

/** Why this file cannot be taken, or ''. */
export function refuseFile(file: { name: string; size: number }): string {
  const tail = file.name.split('.').pop()?.toLowerCase() ?? ''
  if (!(tail in kinds)) return uploadText.kind
  if (file.size > maxSize) return uploadText.tooLarge(fmtSize(maxSize))
  if (file.size === 0) return uploadText.empty
  return ''
}

function tokenOf(url: string | null): string {
  return url?.split('/').pop() ?? ''
}

/** Starts sending `file`; the returned object is reactive and ends as done, refused or broken. */
export function startUpload(file: File, done: (upload: Upload) => void): Upload {
  const tail = file.name.split('.').pop()?.toLowerCase() ?? ''
  const refusal = refuseFile(file)
  let handle: { abort(drop?: boolean): Promise<void>; start(): void; findPreviousUploads(): Promise<unknown[]> } | null = null
  let began = Date.now()
  let beganAt = 0
  const upload: Upload = shallowReactive<Upload>({
    id: ++count, name: file.name, size: file.size, sent: 0, state: refusal === '' ? 'waiting' : 'refused', left: null,
    token: '', fault: refusal, thumb: file.type.startsWith('image/') ? URL.createObjectURL(file) : '',
    pause() { void handle?.abort(); upload.state = 'paused'; upload.left = null },
    resume() { began = Date.now(); beganAt = upload.sent; upload.state = 'sending'; upload.fault = ''; handle?.start() },
    async remove() {
      try { await handle?.abort(upload.state !== 'done') } catch { /* the server drops it when it expires */ }
      if (upload.thumb !== '') URL.revokeObjectURL(upload.thumb)
    },
  })
  if (refusal !== '') return upload
  void import('tus-js-client').then(({ Upload: Tus }) => {
    const tus = new Tus(file, {
      endpoint: `${base}/uploads`,
      chunkSize: piece,
      retryDelays: [0, 1000, 3000, 5000, 10_000],
      metadata: { filename: file.name, filetype: kinds[tail] ?? file.type },
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => { request.setHeader('X-CSRF-Token', door.csrf) },
      onProgress: (sent) => {
        upload.sent = sent
        if (upload.state !== 'paused') upload.state = 'sending'
        const spent = (Date.now() - began) / 1000
        const speed = (sent - beganAt) / Math.max(spent, 0.2)
        upload.left = speed > 0 ? Math.ceil((file.size - sent) / speed) : null
      },
      onError: (fault) => {
        const reply = (fault as { originalResponse?: { getStatus(): number } | null }).originalResponse
        upload.state = reply?.getStatus() === 415 || reply?.getStatus() === 413 ? 'refused' : 'broken'
        upload.fault = reply?.getStatus() === 415 ? uploadText.kind : reply?.getStatus() === 413 ? uploadText.tooLarge(fmtSize(maxSize)) : uploadText.broken
      },
      onSuccess: () => {
        upload.token = tokenOf(tus.url)
        upload.sent = file.size
        upload.left = null
        upload.state = 'done'
        done(upload)
      },
    })
    handle = tus
    if (upload.state === 'waiting') { upload.state = 'sending'; tus.start() }
  }, () => { upload.state = 'broken'; upload.fault = uploadText.broken })
  return upload
}
