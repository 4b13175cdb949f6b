// Courtesy checks of form values; the server's answer is shown in the same places and decides.
// Keys of the result are paths below the form: "area", "rows/0/before", "verdicts".
import { say } from '@/i18n'
import { fmtMoney } from '@/i18n/format'
import { formText as t } from '@/i18n/zh/form'
import type { Field } from '@/api/types'

export type Values = Record<string, unknown>
export type Errors = Record<string, string>

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.length === 0
  return false
}

/** A calendar date that exists, as YYYY-MM-DD. */
export function realDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return false
  const [y, m, d] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1]
  return days !== undefined && d >= 1 && d <= days && y >= 1900 && y <= 2200
}

const picked = new Set(['choice', 'person', 'persons', 'unit', 'units', 'party', 'item', 'matter', 'role', 'bool'])
const uploaded = new Set(['file', 'files'])

function limits(field: Field, value: number, show: (n: number) => string): string | null {
  const label = say(field.title)
  const { min, max } = field
  const low = min !== null && min !== undefined && value < min
  const high = max !== null && max !== undefined && value > max
  if (!low && !high) return null
  if (typeof min === 'number' && typeof max === 'number') return t.range(label, show(min), show(max))
  return low ? t.atLeast(label, show(min ?? 0)) : t.atMost(label, show(max ?? 0))
}

function checkVerdicts(value: unknown): string | null {
  const rows = Array.isArray(value) ? (value as { code: string; result: string; note?: string }[]) : []
  const open = rows.filter((r) => r.result === 'unseen').length
  return open > 0 ? t.verdict(open) : null
}

export function checkField(field: Field, value: unknown): string | null {
  const label = say(field.title)
  if (field.type === 'verdicts') return field.required ? checkVerdicts(value) : null
  if (isEmpty(value)) {
    if (!field.required || field.type === 'materials' || field.type === 'item_form') return null
    return picked.has(field.type) ? t.pick(label) : uploaded.has(field.type) ? t.file(label) : t.needed(label)
  }
  switch (field.type) {
    case 'int': return typeof value === 'number' ? limits(field, value, String) : t.number(label)
    case 'money': return typeof value === 'number' ? limits(field, value, fmtMoney) : t.money(label)
    case 'date': return realDate(String(value)) ? null : t.date(label)
    case 'text': {
      const length = [...String(value).trim()].length
      if (typeof field.max === 'number' && length > field.max) return t.long(label, field.max)
      if (typeof field.min === 'number' && field.min > 1 && length < field.min) return t.short(label, field.min)
      return null
    }
    default: return null
  }
}

/** All faults of a form, with rows{} and item_form looked into. */
export function checkFields(fields: Field[], values: Values, prefix = ''): Errors {
  const errors: Errors = {}
  for (const field of fields) {
    const path = prefix + field.name
    const value = values[field.name]
    const fault = checkField(field, value)
    if (fault) errors[path] = fault
    if (field.type === 'rows' && field.of && Array.isArray(value)) {
      value.forEach((row, i) => Object.assign(errors, checkFields(field.of ?? [], row as Values, `${path}/${i}/`)))
    }
    if (field.type === 'item_form' && field.of) Object.assign(errors, checkFields(field.of, (value ?? {}) as Values, `${path}/`))
  }
  return errors
}

/** What is sent: empty optional fields are left out, text is trimmed. */
export function clean(fields: Field[], values: Values): Values {
  const out: Values = {}
  for (const field of fields) {
    let value = values[field.name]
    if (typeof value === 'string') value = value.trim()
    if (isEmpty(value) && !(Array.isArray(value) && field.required)) continue
    if (field.type === 'rows' && field.of && Array.isArray(value)) value = value.map((row) => clean(field.of ?? [], row as Values))
    if (field.type === 'item_form' && field.of) value = clean(field.of, value as Values)
    out[field.name] = value
  }
  return out
}

/** DOM id of a field, so that the error summary can link to it. */
export function fieldId(base: string, path: string): string {
  return `${base}-${path}`.replaceAll(/[^\w-]/g, '-')
}

/** Starting values: rows and lists empty, everything else absent. */
export function blank(fields: Field[]): Values {
  const out: Values = {}
  for (const f of fields) {
    if (['materials', 'verdicts', 'files', 'persons', 'units'].includes(f.type)) out[f.name] = []
    else if (f.type === 'rows') out[f.name] = f.required ? [blank(f.of ?? [])] : []
    else if (f.type === 'item_form') out[f.name] = {}
  }
  return out
}
