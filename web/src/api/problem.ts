// Faults as the pages meet them: an RFC 9457 document from the server, a broken network, a time-out.
// The server's own words come first where they are specific (detail, hint); the table in
// i18n/zh/problem.ts gives plain words per code.
import { problemText } from '@/i18n/zh/problem'
import type { MatterAct, Reason } from './types'

export interface FieldError { pointer: string; code?: string; detail: string }
interface Doc {
  type?: string; title?: string; status?: number; code?: string; detail?: string; instance?: string; hint?: string
  errors?: FieldError[]; state?: string; etag?: string; acts?: MatterAct[]; reasons?: Reason[]; state_name?: { zh: string; en: string | null }
  last_act?: { act: string; label: { zh: string; en: string | null }; actor: { name: string } | string | null; recorded_at: string }
  trace?: string; [more: string]: unknown
}

export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly doc: Doc
  /** Seconds the server asks to wait, 0 if it did not say. */
  readonly wait: number
  constructor(code: string, status: number, doc: Doc = {}, wait = 0) {
    super(code)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.doc = doc
    this.wait = wait
  }

  get errors(): FieldError[] { return this.doc.errors ?? [] }
  /** Somebody else acted first: show who and what, keep what was typed. */
  get conflict(): boolean { return this.status === 412 || this.code === 'act-not-now' || this.code === 'act-used-up' }
  get signIn(): boolean { return this.code === 'sign-in-required' }
  /** The request may have reached the server: a retry must use the same Idempotency-Key. */
  get unknown(): boolean { return this.status === 0 || this.status >= 502 || this.code === 'busy' }
  get gone(): boolean { return this.status === 404 || this.status === 403 }
  /** Short number to tell to the help desk. */
  get trace(): string { return this.doc.trace ?? (this.doc.instance?.split('/').pop() ?? '').slice(-12) }

  /** One plain sentence: what is wrong. */
  get text(): string {
    const own = problemText.codes[this.code]
    const said = this.doc.detail
    if (own !== undefined && (said === undefined || said === '' || this.status === 404)) return own
    return said ?? own ?? this.doc.title ?? problemText.other
  }
  /** What to do about it, where that is known. */
  get todo(): string { return this.doc.hint ?? problemText.todo[this.code] ?? '' }

  /** Text for one form pointer ("/form/answers/area"), if the server refused that field. */
  at(pointer: string): string | undefined {
    return this.errors.find((e) => e.pointer === pointer)?.detail
  }
}

export async function problemFrom(reply: Response): Promise<Problem> {
  let doc: Doc = {}
  try {
    if (/json/.test(reply.headers.get('content-type') ?? '')) doc = (await reply.json()) as Doc
  } catch { /* a body that breaks off is treated as none */ }
  const wait = Number(reply.headers.get('retry-after') ?? 0)
  const code = doc.code ?? (reply.status >= 500 ? 'internal' : `http-${reply.status}`)
  return new Problem(code, reply.status, doc, Number.isFinite(wait) ? wait : 0)
}

export function asProblem(fault: unknown): Problem {
  if (fault instanceof Problem) return fault
  if (fault instanceof DOMException && fault.name === 'TimeoutError') return new Problem('timeout', 0)
  if (fault instanceof TypeError) return new Problem('network', 0)
  return new Problem('page', 0, { detail: problemText.other })
}

/** Field errors keyed by the path below `base`: "/form/answers/area" under "/form" → "answers/area". */
export function errorsUnder(problem: Problem | null, base: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const e of problem?.errors ?? []) {
    if (e.pointer === base || e.pointer.startsWith(`${base}/`)) {
      const key = e.pointer.slice(base.length + 1)
      found[key] ??= e.detail
    }
  }
  return found
}
