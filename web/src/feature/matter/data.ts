// Matters and worklists as queries; events say when to look again.
import { queries, usePages, useQuery } from '@/kit/query'
import { computed, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { get, send, type Query } from '@/api/client'
import { useEvents } from '@/api/events'
import { Problem } from '@/api/problem'
import type { ClockWhy, ListRow, Matter, Rows, WorkCount, WorkRow } from '@/api/types'

/** The id behind what stands in the address: a number (GX2026-003172) or, for children, an id. */
async function idOf(name: string, signal: AbortSignal): Promise<number> {
  if (/^\d+$/.test(name)) return Number(name)
  const row = (await get<Rows<ListRow>>('/matters', { number: name }, signal)).rows[0]
  if (!row) throw new Problem('matter-not-found', 404)
  return row.matter_id
}

export function useMatter(name: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: ['matter', computed(() => toValue(name))], enabled: computed(() => toValue(name) !== ''),
    queryFn: async ({ signal }) => {
      const reply = await send<Matter>('GET', `/matters/${await idOf(toValue(name), signal)}`, { signal })
      return { ...reply.data, etag: reply.data.etag ?? reply.etag }
    },
  })
  useEvents((event) => {
    // what concerns no single matter (a poll, the demo's clock, a new calendar) may concern this one
    if (!event.matter_id || event.matter_id === query.data.value?.id) void query.refetch()
  })
  return query
}

/** Puts the matter of a reply where the pages read it. */
export function takeMatter(name: string, matter: Matter): void {
  queries.set(['matter', name], matter)
  if (matter.number !== null && matter.number !== name) queries.set(['matter', matter.number], matter)
  void queries.invalidate(['work'])
  void queries.invalidate(['counts'])
  void queries.invalidate(['mine'])
  void queries.invalidate(['why', matter.id])
}

export const useWhy = (matterId: MaybeRefOrGetter<number>, clock: MaybeRefOrGetter<string>, version?: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ['why', computed(() => toValue(matterId)), computed(() => toValue(clock)), computed(() => toValue(version) ?? '')],
    enabled: computed(() => toValue(clock) !== '' && toValue(matterId) > 0),
    queryFn: ({ signal }) => get<ClockWhy>(`/matters/${toValue(matterId)}/clocks/${toValue(clock)}`, {}, signal),
  })

export const useMine = (kind: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) => {
  const query = usePages({
    queryKey: ['mine', computed(() => toValue(kind))], enabled: computed(() => toValue(enabled)),
    queryFn: ({ after, signal }) => get<Rows<ListRow>>('/matters', { mine: true, class: toValue(kind), after, limit: 30 }, signal),
  })
  useEvents(() => { if (toValue(enabled)) void query.refetch() })
  return query
}

export const useCounts = () => {
  const query = useQuery({ queryKey: ['counts'], queryFn: ({ signal }) => get<Rows<WorkCount>>('/work/counts', {}, signal) })
  useEvents(() => void query.refetch())
  return query
}

/** A worklist that never moves under the pointer: rows change in place and are marked; additions,
 *  removals and a new order wait until the reader asks for them. */
export function useWorklist(filter: MaybeRefOrGetter<Query>) {
  const key = computed(() => JSON.stringify(toValue(filter)))
  const query = usePages({
    queryKey: ['work', computed(() => toValue(filter))], keep: true,
    queryFn: ({ after, signal }) => get<Rows<WorkRow>>('/work', { ...toValue(filter), after, limit: 50 }, signal),
  })
  const rows = ref<WorkRow[]>([])
  const marked = ref(new Set<number>())
  const waiting = ref(false)
  let shownKey = ''
  let pages = 0
  const fresh = computed(() => query.data.value?.pages.flatMap((p) => p.rows) ?? [])
  const order = (list: WorkRow[]): string => list.map((r) => `${r.matter_id}${r.role}`).join()
  function apply(): void {
    rows.value = fresh.value
    marked.value = new Set()
    waiting.value = false
  }
  watch(fresh, (next) => {
    const count = query.data.value?.pages.length ?? 0
    if (query.isOld.value) return
    if (shownKey !== key.value || count !== pages || rows.value.length === 0) {
      shownKey = key.value
      pages = count
      apply()
      return
    }
    const byId = new Map(next.map((r) => [`${r.matter_id}${r.role}`, r]))
    rows.value = rows.value.map((old) => {
      const now = byId.get(`${old.matter_id}${old.role}`)
      if (now && now.etag !== old.etag) marked.value.add(old.matter_id)
      return now ?? old
    })
    waiting.value = order(next) !== order(rows.value)
  }, { immediate: true })
  useEvents(() => void query.refetch())
  return { query, rows, marked, waiting, apply }
}
