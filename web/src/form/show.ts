// A stored value as words, by the type of its field.
import type { Field } from '@/api/types'
import { say } from '@/i18n'
import { fmtDate, fmtDur, fmtMoney, fmtWhen } from '@/i18n/format'
import { c } from '@/i18n/zh/common'

export function shownValue(field: Pick<Field, 'type' | 'choices' | 'unit'>, value: unknown): string {
  if (value === undefined || value === null || value === '') return ''
  switch (field.type) {
    case 'bool': return value === true ? c.yes : c.no
    case 'money': return typeof value === 'number' ? fmtMoney(value) : String(value)
    case 'date': return fmtDate(String(value))
    case 'instant': return fmtWhen(String(value))
    case 'choice': return say(field.choices?.find((o) => o.value === value)?.title ?? String(value))
    case 'int': return `${String(value)}${field.unit ? ` ${say(field.unit)}` : ''}`
    case 'dur': { const m = /^(\d+)([a-z]+)$/.exec(String(value)); return m ? fmtDur(Number(m[1]), m[2]!) : String(value) }
    default: return Array.isArray(value) ? value.map((v) => (typeof v === 'object' ? JSON.stringify(v) : String(v))).join(c.p.and) : typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}
