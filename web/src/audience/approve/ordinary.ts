// The ordinary next act of a step: what may be preselected when a case is opened. Never a way back to an
// earlier step, never a side procedure, never an end against the applicant; none where there are two.
import type { MatterAct, TimelineRow } from '@/api/types'

/** When each state was first entered. */
function entries(timeline: TimelineRow[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const row of [...timeline].sort((a, b) => a.seq - b.seq)) if (row.to && !first.has(row.to)) first.set(row.to, row.seq)
  return first
}

export function ordinary(acts: MatterAct[], state: string, timeline: TimelineRow[]): string | null {
  const first = entries(timeline)
  const here = first.get(state) ?? 0
  const back = (to: string): boolean => (first.get(to) ?? Infinity) < here
  const on = acts.filter((a) => a.possible && a.moves_to && !back(a.moves_to) && !against(a.act))
  return on.length === 1 ? on[0]!.act : null
}

/** Acts that end a matter against the applicant: chosen by hand, drawn in red. */
export const against = (act: string): boolean => /refuse|withdraw|lapse|erase/.test(act)
