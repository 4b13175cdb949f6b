// Arranges the explained days of a clock into whole weeks, Monday first, and gathers runs of rest
// days by their reason. No counting of limits here: every day says what it is.
import { shiftDay, weekday } from '@/i18n/format'
import { say } from '@/i18n'
import type { DayRow } from '@/api/types'

export interface Cell { on: string; day: DayRow | null }

/** Weeks that cover all days; cells outside the explanation have day = null. */
export function weeksOf(days: DayRow[], startOn: string): Cell[][] {
  const known = new Map(days.map((d) => [d.on, d]))
  const all = days.map((d) => d.on).concat(startOn).sort()
  const first = all[0]
  const last = all[all.length - 1]
  if (!first || !last) return []
  let on = shiftDay(first, -((weekday(first) + 6) % 7))
  const weeks: Cell[][] = []
  while (on <= last) {
    const week: Cell[] = []
    for (let i = 0; i < 7; i++) {
      week.push({ on, day: known.get(on) ?? null })
      on = shiftDay(on, 1)
    }
    weeks.push(week)
  }
  return weeks
}

export interface Run { reason: string; from: string; to: string; notice: string | null }

/** Runs of neighbouring days with one reason: 中秋 9月25–27日. */
export function runsOf(days: DayRow[]): Run[] {
  const runs: Run[] = []
  for (const day of days) {
    const reason = say(day.reason)
    const last = runs[runs.length - 1]
    if (last && last.reason === reason && shiftDay(last.to, 1) === day.on) last.to = day.on
    else runs.push({ reason, from: day.on, to: day.on, notice: day.notice })
  }
  return runs
}
