// One event stream per browser: Web Locks elect a leader tab that holds the stream, BroadcastChannel
// shares what arrives (HTTP/1.1 allows six connections; tabs would starve). Events carry ids only.
// The last id is kept in sessionStorage, so a reload resumes. Silence of 30 s is reported, and pages
// then poll. Without locks (plain http on another host) each tab holds its own stream.
import { onScopeDispose, ref } from 'vue'
import { base } from './client'

export interface HallEvent { topic: string; matter_id: number | null; id: string }
type Listener = (event: HallEvent) => void

const listeners = new Set<Listener>()
const silence = 30_000
const pollEvery = 15_000
const idKey = 'huhang.event'
/** The stream has been silent for half a minute: the page says so and polls. */
export const stale = ref(false)
/** When something last arrived, as the browser's milliseconds. */
export const heardAt = ref(Date.now())

let channel: BroadcastChannel | null = null
let started = false
let poll: ReturnType<typeof setInterval> | null = null

function lastId(): string {
  try { return sessionStorage.getItem(idKey) ?? '' } catch { return '' }
}

function hear(event: HallEvent | null, shared: boolean): void {
  heardAt.value = Date.now()
  stale.value = false
  if (event) {
    try { sessionStorage.setItem(idKey, event.id) } catch { /* a reload then asks from now */ }
    for (const listener of listeners) listener(event)
  }
  if (!shared) channel?.postMessage(event ?? 'alive')
}

/** Reads one server-sent event; exported for its test. */
export function parseEvent(id: string, topic: string, data: string): HallEvent | null {
  try {
    const body = JSON.parse(data) as { topic?: string; matter_id?: number }
    return { id, topic: body.topic ?? topic, matter_id: body.matter_id ?? null }
  } catch {
    return null
  }
}

/** Cuts a text/event-stream into events; keeps the unfinished rest. Comments count as signs of life. */
export function cutStream(text: string): { events: HallEvent[]; rest: string } {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n')
  const rest = blocks.pop() ?? ''
  const events: HallEvent[] = []
  for (const block of blocks) {
    let id = ''
    let topic = 'message'
    const data: string[] = []
    for (const line of block.split('\n')) {
      const at = line.indexOf(':')
      const name = at < 0 ? line : line.slice(0, at)
      const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '')
      if (name === 'id') id = value
      else if (name === 'event') topic = value
      else if (name === 'data') data.push(value)
    }
    const event = data.length > 0 ? parseEvent(id, topic, data.join('\n')) : null
    if (event) events.push(event)
  }
  return { events, rest }
}

/** Reads the stream once, until it ends. fetch, not EventSource: only it can send Last-Event-ID after a reload. */
async function follow(signal: AbortSignal): Promise<void> {
  const from = lastId()
  const reply = await fetch(`${base}/events`, {
    headers: { Accept: 'text/event-stream', ...(from === '' ? {} : { 'Last-Event-ID': from }) },
    credentials: 'same-origin', cache: 'no-store', signal,
  })
  if (!reply.ok || !reply.body) throw new Error(`events ${reply.status}`)
  hear(null, false)
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const cut = cutStream(rest + value)
    rest = cut.rest
    if (cut.events.length === 0) hear(null, false)
    for (const event of cut.events) hear(event, false)
  }
}

async function lead(): Promise<void> {
  const stop = new AbortController()
  addEventListener('pagehide', () => stop.abort(), { once: true })
  let pause = 1_000
  while (!stop.signal.aborted) {
    const began = Date.now()
    try { await follow(stop.signal) } catch { /* the loop tries again */ }
    pause = Date.now() - began > silence ? 1_000 : Math.min(pause * 2, pollEvery)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function start(): void {
  if (started || typeof TextDecoderStream === 'undefined') return
  started = true
  channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('huhang.events')
  if (channel) channel.onmessage = (raw: MessageEvent<HallEvent | 'alive'>) => hear(raw.data === 'alive' ? null : raw.data, true)
  // `locks` is absent without a secure context
  const locks = (navigator as { locks?: LockManager }).locks
  if (locks) void locks.request('huhang.events', lead)
  else void lead()
  setInterval(() => { if (Date.now() - heardAt.value > silence) stale.value = true }, 5_000)
  poll ??= setInterval(() => {
    if (!stale.value) return
    for (const listener of listeners) listener({ id: '', topic: 'poll', matter_id: null })
  }, pollEvery)
}

/** Hears what arrives while the component lives, without asking for the stream: pages that are live do. */
export function useHearing(listener: Listener): void {
  listeners.add(listener)
  onScopeDispose(() => listeners.delete(listener))
}

/** Calls `listener` for each event while the component lives. */
export function useEvents(listener: Listener): void {
  start()
  useHearing(listener)
}

/** For tests: hands an event to the listeners as if it had arrived. */
export function deliver(event: HallEvent): void { hear(event, true) }
