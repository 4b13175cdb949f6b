import type { zh } from '../zh/clock'

const s = (n: number): string => (n === 1 ? '' : 's')
const en: typeof zh = {
  why: 'Why this date?', whyOf: (d) => `Why ${d}?`, hide: 'Hide',
  law: 'Limit by law', policy: 'Policy or promise', preset: 'Local rule', notBefore: (d) => `not before ${d}`, provisional: 'provisional', provisionalWhy: 'The national holiday notice does not reach this date yet; it will be recomputed.',
  limitUsed: (limit, used) => `${limit}, ${used} used`, extended: (x) => `extended by ${x}`, pausedDays: (n) => `paused ${n} working day${s(n)}`,
  moved: (a, b, n) => `was ${a}, moved to ${b} by ${n}`, frozen: 'light when closed', noDate: 'No due date', closed: 'Closed',
  sumCounted: (n) => `${n} working days`, sumRest: 'rest days', sumPaused: 'paused days', sumStart: 'the first day is not counted', sumCountedWord: (unit) => (unit === 'wd' ? 'working days' : 'days'),
  legend: { counted: 'counted', rest: 'rest day, not counted', paused: 'paused, not counted', today: 'today', start: 'start', due: 'due', rolled: 'rolled on' },
  makeup: 'make-up', from: 'Counted from', why2: (x) => `Why ${x}`, rests: 'Rest days left out', makeups: 'Weekends counted', pauses: 'Pauses', extension: 'Extension', notPaused: 'Did not pause', changes: 'Changed due dates', calendar: 'Calendar',
  nextDay: 'from the next day', noExtension: 'none', noPause: 'none', none: 'none', makeupDays: (d) => `${d}: make-up working days`,
  pauseRow: (range, days) => `${range}, of which ${days} working day${s(days)}`, pauseOpen: (from) => `since ${from}, not ended yet`, pauseExpected: (d) => `expected until ${d}`, pauseNot: 'does not pause this clock',
  changeRow: (a, b) => `was ${a}, now ${b}`, knownUntil: (src, d) => `${src}, known until ${d}`,
  ruler: (label, from, due, counted, rest, paused) => `${label}: from ${from} to ${due}, ${counted} days counted, ${rest} rest days, ${paused} paused days.`,
  calendarOf: (label) => `Calendar: ${label}`, day: (d, kind) => `${d}, ${kind}`, dayN: (d, n) => `${d}, day ${n}`,
  timeline: 'Where it is now', system: 'Done by the system as its limit ran out', recordedLate: (t) => `recorded ${t}`, effective: (d) => `effective ${d}`, struck: 'struck', corrected: 'corrected', corrects: (n) => `corrects step ${n}`,
  with: (names) => `together with ${names}`, leaf: (n) => `ledger no. ${n}`, letterVoid: 'void', rendering: 'being drawn', more: 'What was filled in', ledgerTitle: 'Every step is on the ledger', ledger: (n) => `Recorded up to no. ${n}; it cannot be altered.`, seq: (n) => `Step ${n}`, list: 'As a list',
}
export default en
