// The one door to the server. It adds the CSRF token, If-Match and Idempotency-Key, gives up after
// 15 s, turns faults into Problem, and when the session has ended asks for sign-in over the page and
// then repeats the very same request (same key): nothing typed is lost, nothing is done twice.
import { lang } from '@/i18n'
import { Problem, asProblem, problemFrom } from './problem'

export const base = '/api/v1'
const timeout = 15_000

export type Query = Record<string, string | number | boolean | null | undefined>
interface Options {
  query?: Query
  body?: unknown
  etag?: string | number
  key?: string
  signal?: AbortSignal
  /** Do not open the sign-in dialog on 401 (the sign-in form itself, the first /me). */
  quiet?: boolean
  timeout?: number
}
export interface Reply<T> { data: T; etag: string; status: number; location: string }

/** Set by the session module: the token of the session, how to renew it, how to sign in. */
export const door = {
  csrf: '',
  renew: (): Promise<void> => Promise.resolve(),
  signIn: (): Promise<boolean> => Promise.resolve(false),
}

/** A random key for one intent; works without a secure context too. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** One thing the user means to do: its key lives until the server has given a definite answer. */
export class Intent {
  private now = newKey()
  get key(): string { return this.now }
  /** After success or a definite refusal the next attempt is a new intent. */
  settle(problem: Problem | null): void {
    if (problem === null || !problem.unknown) this.now = newKey()
  }
}

export function address(path: string, query?: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  const tail = params.toString()
  return `${path.startsWith('/') && !path.startsWith(base) ? base + path : path}${tail === '' ? '' : `?${tail}`}`
}

function headersOf(method: string, options: Options): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': lang.value === 'en' ? 'en, zh;q=0.5' : 'zh-CN, zh' })
  if (options.body !== undefined) headers.set('Content-Type', 'application/json')
  if (options.etag !== undefined) headers.set('If-Match', `"${String(options.etag).replaceAll('"', '')}"`)
  if (method !== 'GET') {
    if (door.csrf !== '') headers.set('X-CSRF-Token', door.csrf)
    headers.set('Idempotency-Key', options.key ?? newKey())
  }
  return headers
}

async function once<T>(method: string, path: string, options: Options): Promise<Reply<T>> {
  const limit = AbortSignal.timeout(options.timeout ?? timeout)
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit
  let reply: Response
  try {
    reply = await fetch(address(path, options.query), {
      method,
      headers: headersOf(method, options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: 'same-origin',
      signal,
    })
  } catch (fault) {
    if (options.signal?.aborted) throw fault
    throw asProblem(fault)
  }
  if (!reply.ok) throw await problemFrom(reply)
  const text = reply.status === 204 ? '' : await reply.text()
  return {
    data: (text === '' ? null : JSON.parse(text)) as T,
    etag: (reply.headers.get('etag') ?? '').replaceAll('"', ''),
    status: reply.status,
    location: reply.headers.get('location') ?? '',
  }
}

/** Sends one request; the key is fixed first so that every repetition is the same command. */
export async function send<T>(method: string, path: string, options: Options = {}): Promise<Reply<T>> {
  const fixed = { ...options, key: options.key ?? newKey() }
  try {
    return await once<T>(method, path, fixed)
  } catch (fault) {
    if (!(fault instanceof Problem) || fixed.quiet) throw fault
    if (fault.code === 'csrf') {
      await door.renew()
      return once<T>(method, path, fixed)
    }
    if (fault.signIn && (await door.signIn())) return once<T>(method, path, fixed)
    throw fault
  }
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await send<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) })).data
}
export const post = async <T>(path: string, body: unknown, options: Options = {}): Promise<T> =>
  (await send<T>('POST', path, { ...options, body })).data
export const put = async <T>(path: string, body: unknown, options: Options = {}): Promise<T> =>
  (await send<T>('PUT', path, { ...options, body })).data
export const remove = async (path: string, options: Options = {}): Promise<void> => {
  await send<unknown>('DELETE', path, options)
}
