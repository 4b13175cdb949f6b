// The shapes of docs/api.md that pages use. The server's OpenAPI document is the contract; these types
// are written by hand because pages need narrower unions than the document states.
import type { Text } from '@/i18n'

export type { Text }
export type Light = 'green' | 'yellow' | 'red' | 'paused' | 'none'
export type PageName = 'window' | 'approve' | 'deliver' | 'bureau' | 'admin' | 'audit' | 'portal'

export interface Rows<T> { rows: T[]; next?: string | null }
export interface UnitRef { id: number; name: Text; code?: string }
export interface Mandate { mandate_id: number; party_id: number; name: string; kind: 'enterprise' | 'citizen'; scope: string; scope_name?: Text }

export interface OfficeProfile {
  address?: string | null; phone?: string | null; hours?: string | null; organ?: string | null
  open?: string | null; noon_from?: string | null; noon_to?: string | null; close?: string | null
}
export interface Me {
  person: { id: number; name: string; login: string; kind: 'staff' | 'applicant'; verified: boolean; unit: UnitRef | null } | null
  roles: { role: string; name: Text; unit_id: number | null }[]
  pages: PageName[]
  /** mandate_id null: for oneself */
  acting: { party_id: number; name: string; kind: string; mandate_id: number | null } | null
  mandates: Mandate[]
  csrf: string | null
  must_change_password: boolean
  setup_needed?: boolean
  office: { name: Text; demo: boolean; profile: OfficeProfile | null }
  now: string
  today: string
  time_trusted: boolean
}

export interface ItemRow {
  code: string; name: Text; unit: UnitRef; regime: string; legal: Text | null; promised: Text | null; immediate: boolean
  online: boolean; fee_charged: boolean; allow_defer?: boolean; commitment?: boolean; materials: number; tags: string[]; status: string
}
export interface Limit { limit: string; text: Text; basis?: string | null; from?: string; evidence?: string; evidence_name?: Text; is_law?: boolean; note?: Text | string | null; approver?: Text | null }
export interface ItemMaterial {
  code: string; name: Text; necessity: 'required' | 'optional' | 'conditional'; condition: Text | string | null; deferrable: boolean
  commitment_ok: boolean; share_exempt: boolean; source: Text | null; copies: number | string | null; note: Text | string | null
}
export interface Field {
  name: string; type: string; title: Text; required: boolean; choices?: { value: string; title: Text }[] | null
  min?: number | null; max?: number | null; multiline?: boolean; hint?: Text | null; of?: Field[] | null; unit?: Text | string | null
}
export interface Guide {
  code: string; version: number; status: string; valid_from: string | null; name: Text; unit: UnitRef; kind: string; kind_version?: number; regime: string
  regime_name: Text; sample: boolean; legal: Limit | null; promised: Limit | null; correction_notice: Limit | null; issue_deliver: Limit | null
  extension: Limit | null; special: { kind: string; name: Text; days: number | null; pauses: 'legal' | 'promised' | 'none'; basis: string | null }[]
  conditions: Text | string | null; quantity: Text | string | null; steps: (Text | string)[]; sample_form: Text | string | null
  materials: ItemMaterial[]; form: Field[]; fee: { charged: boolean; text: Text | string | null }; result: Text | null
  commitment: boolean; allow_defer: boolean; immediate: boolean; contact: { address?: string; phone?: string; hours?: string } | null
  remedy: Text | null; online: boolean; missing: string[]
  if_today: { correction_by: string | null; accept_by: string | null; decide_by: string | null; promised_by: string | null; provisional: boolean } | null
}
export interface BundleRow { code: string; name: Text; lead_unit: UnitRef | null; items: { code: string; name: Text; stage: string; required: boolean }[]; joint_limit: Text | null; sample: boolean }

export interface FormMaterial { code: string; files: string[]; paper?: number; seen?: boolean; note?: string }
/** Besides answers and materials a form may have fields of its own (原证到期日). */
export interface DraftForm { answers: Record<string, unknown>; materials: FormMaterial[]; [more: string]: unknown }
export interface Draft { code: string; item: string; party_id: number | null; form: DraftForm; page: string | null; version: number; saved_at: string; expires_at: string }
export interface UploadInfo { token: string; name: string; media: string; size: number; complete: boolean }

export interface Reason { code: string; text: Text; act?: string; seq?: number; article?: string }
export interface MatterAct {
  act: string; label: Text; possible: boolean; reasons: Reason[]; form: string | null; moves_to?: string | null; moves_to_name?: Text | null
  letter?: string | null; once?: boolean; role?: string; people?: number
}
export interface Clock {
  name: string; label: Text; evidence: 'law' | 'policy' | 'preset'; basis: string | null; limit: Text | null; round?: number
  status: 'running' | 'paused' | 'met' | 'late' | 'cancelled' | 'expired'; start_on: string | null; due_on: string | null; due_at: string | null
  provisional: boolean; not_before: boolean; light: Light; frozen: boolean; left: number | null; used: number | null; unit: string | null
  paused_days: number; extension: { text: Text } | null; moved: { old_due: string; new_due: string; notice: string } | null; none_reason: Text | null
}
export interface TimelineRow {
  id: number; seq: number; act: string; label: Text; from: string | null; to: string | null; to_name: Text | null; role: string; role_name: Text
  actor: { id: number; name: string; unit: UnitRef | null } | null; occurred_at: string; recorded_at: string; effective_on: string | null
  late_reason: string | null; channel: string | null; with: { id: number; name: string }[]
  fields: { name: string; type: string; title: Text; value: unknown; label?: Text | null; choices?: Field['choices'] }[]; documents: number[]; cause_seq: number | null
  corrects_seq: number | null; struck: boolean; corrected: boolean; leaf_index: number | null
}
export type VerdictResult = 'ok' | 'fix' | 'defer' | 'not_applicable' | 'unseen'
export interface MatterMaterial {
  code: string; name: Text; files: { sha256: string; name: string; media: string; size: number }[]; paper: number; verdict: VerdictResult; note: string | null
  necessity?: string; deferrable?: boolean; commitment_ok?: boolean; share_exempt?: boolean; condition?: Text | string | null
}
export interface DocumentRow { id: number; kind: string; letter: string; name: Text; number: string; act_seq: number; status: 'rendering' | 'ready' | 'void'; href: string }
export interface MatterLink { id: number; number: string | null; kind: string; kind_name: Text; state: string; state_name: Text; class: string; title: string }
export interface Matter {
  id: number; number: string | null; etag: string; kind: string; kind_name: Text; title: string; state: string; state_name: Text
  class: 'open' | 'waiting' | 'closed'; holder: { role: string; name: Text } | null
  item: { code: string; name: Text; version: number; regime: string; regime_name: Text; result: Text | null } | null
  unit: UnitRef | null; party: { id: number; name: string; kind: string; masked: boolean; identifier: string | null } | null
  channel: string; opened_at: string; opened_on: string; accepted_on: string | null; closed_at: string | null; final_light: Light | null
  assignee: { id: number; name: string } | null; parent: { id: number; number: string | null } | null; children: MatterLink[]
  facts: Record<string, unknown>; form: { answers: Record<string, unknown>; fields?: Field[]; materials: MatterMaterial[] }; clocks: Clock[]
  timeline: TimelineRow[]; documents: DocumentRow[]; acts: MatterAct[]
  publication?: { planned_at: string; published_at: string | null; possible: boolean } | null
  ledger: { log?: string; first_index: number; last_index: number; leaves?: number } | null
}
export interface DayRow { on: string; kind: 'start' | 'counted' | 'rest' | 'paused' | 'rolled' | 'due'; n: number | null; makeup: boolean; reason: Text | string | null; notice: string | null; today: boolean }
export interface ClockWhy {
  name: string; label: Text; basis: string | null; evidence: string; start_on: string; start_why: Text | null; due_on: string | null
  limit: Text | null; unit?: string | null; status?: string; provisional: boolean; not_before: boolean
  sum: { counted: number; rest: number; paused: number }; days: DayRow[]
  pauses: { from: string; to: string | null; expected: string | null; cause: Text | string; working_days: number; matter: { id: number; kind: string } | null; counts: boolean }[]
  not_paused: { cause: Text; why: Text }[]; extensions: { text: Text; seq: number; on: string }[]
  changes: { on: string; old_due: string; new_due: string; notice: string }[]; calendar: { source: string; known_until: string } | null
}
export interface FormSchema { act: string; label: Text; fields: Field[]; letter: Text | string | null; people?: number }
export interface LetterPreview { title: string; number: string; addressee: string; body: string[]; notes?: string[]; organ: string; sign?: string | null; date: string }
export interface WorkRow {
  matter_id: number; number: string | null; title: string; kind: string; kind_name: Text; state: string; state_name: Text; item: string | null
  unit: UnitRef | null; role: string; role_name: Text; person_id: number | null; party: string | null; since: string | null; due_on: string | null
  light: Light; left: number | null; unit_of_left: string | null; paused: boolean; priority: number | null; etag: string; class?: string
}
/** A row of GET /matters: what applicants and searches see. */
export interface ListRow {
  matter_id: number; number: string | null; title: string; kind: string; kind_name: Text; state: string; state_name: Text; class: 'open' | 'waiting' | 'closed'
  holder: Text | null; yours: boolean; item: string | null; unit: UnitRef | null; opened_at: string; closed_at: string | null; due_on: string | null; light: Light; etag: string
}
export interface WorkCount { role: string; name: Text; red: number; yellow: number; green: number; paused: number; total: number }
