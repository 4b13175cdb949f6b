// The fields of an act that read as words: texts, choices, numbers, dates. Lists and objects (materials,
// verdicts, item forms) have their own places on the page.
import type { Text, TimelineRow } from '@/api/types'
import { say } from '@/i18n'
import { fmtDate, fmtDur, fmtMoney, fmtWhen } from '@/i18n/format'
import { c } from '@/i18n/zh/common'

export interface PlainField { name: string; title: Text; text: string }

function words(field: TimelineRow['fields'][number]): string {
  const { type, value } = field
  if (value === null || value === undefined || typeof value === 'object') return ''
  if (type === 'bool') return value === true ? c.yes : c.no
  if (type === 'date') return fmtDate(String(value))
  if (type === 'instant') return fmtWhen(String(value))
  if (type === 'money' && typeof value === 'number') return fmtMoney(value)
  if (type === 'choice') return say(field.label ?? field.choices?.find((o) => o.value === value)?.title ?? String(value))
  if (type === 'dur') { const m = /^(\d+)([a-z]+)$/.exec(String(value)); return m ? fmtDur(Number(m[1]), m[2]!) : String(value) }
  return type === 'text' || type === 'int' ? String(value) : ''
}

export function plainFields(row: TimelineRow): PlainField[] {
  return row.fields.map((f) => ({ name: f.name, title: f.title, text: words(f) })).filter((f) => f.text !== '')
}
