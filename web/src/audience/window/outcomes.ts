// Which intake outcomes the present verdicts allow (行政许可法 32): a courtesy that mirrors the needs of
// the procedure, so that the desk shows only lawful buttons; the server decides again on confirm.
import type { MatterAct } from '@/api/types'
import type { Verdict } from '@/form/VerdictTable.vue'
import { say } from '@/i18n'
import { work as t } from '@/i18n/zh/work'
import { c } from '@/i18n/zh/common'

export const outcomeNames = new Set(['accept', 'accept_deferred', 'accept_commitment', 'notify', 'notify_again', 'demand', 'fix', 'not_ours', 'no_licence', 'decide_now'])

export interface Judged { ok: boolean; note: string; suggested: boolean }

export function judge(act: MatterAct, verdicts: Verdict[]): Judged {
  const no = (note: string): Judged => ({ ok: false, note, suggested: false })
  if (!act.possible) return no(act.reasons.map((r) => say(r.text)).join(c.p.semi))
  const unseen = verdicts.filter((v) => v.result === 'unseen').length
  const fix = verdicts.filter((v) => v.result === 'fix').length
  const defer = verdicts.filter((v) => v.result === 'defer').length
  switch (act.act) {
    case 'accept':
      if (unseen > 0) return no(t.unseen(unseen))
      if (fix > 0) return no(t.hasFix(fix))
      if (defer > 0) return no(t.hasDefer)
      return { ok: true, note: t.suggest, suggested: true }
    case 'accept_deferred':
      if (unseen > 0) return no(t.unseen(unseen))
      if (fix > 0) return no(t.hasFix(fix))
      if (defer === 0) return no(t.noDefer)
      return { ok: true, note: t.suggest, suggested: true }
    case 'notify': case 'notify_again': case 'demand':
      if (unseen > 0) return no(t.unseen(unseen))
      if (fix === 0) return no(t.noFix)
      return { ok: true, note: t.listFix(fix), suggested: act.act !== 'notify_again' }
    default:
      return { ok: true, note: '', suggested: false }
  }
}
