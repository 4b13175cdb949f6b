// Drafts live on the server. One draft is edited through useDraft: it saves at each page and 2 s after
// typing stops, says truthfully when it was saved, and never loses what was typed.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { queries, useQuery } from '@/kit/query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { get, post, put, remove, send } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { Draft, DraftForm, Field, FormMaterial, FormSchema, Guide, Rows } from '@/api/types'

export const useDrafts = (enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ['drafts'], enabled: computed(() => toValue(enabled)), queryFn: ({ signal }) => get<Rows<Draft>>('/drafts', {}, signal) })

/** Fields of the application besides answers and materials, from the procedure in force. */
export const useMoreFields = (guide: MaybeRefOrGetter<Guide | undefined>) =>
  useQuery({
    queryKey: ['submit-form', computed(() => toValue(guide)?.code ?? '')], enabled: computed(() => toValue(guide)?.kind_version !== undefined), staleTime: 5 * 60_000,
    queryFn: async ({ signal }): Promise<Field[]> => {
      const item = toValue(guide)
      const form = await get<FormSchema>(`/forms/${item?.kind ?? ''}/${item?.kind_version ?? 1}/submit`, { item: item?.code ?? '' }, signal)
      return form.fields.filter((f) => f.name !== 'answers' && f.name !== 'materials')
    },
  })

export async function newDraft(item: string, partyId: number | null): Promise<Draft> {
  const draft = await post<Draft>('/drafts', partyId === null ? { item } : { item, party_id: partyId })
  void queries.invalidate(['drafts'])
  return draft
}
export async function dropDraft(code: string): Promise<void> {
  await remove(`/drafts/${code}`)
  void queries.invalidate(['drafts'])
}

export function useDraft() {
  const draft = shallowRef<Draft | null>(null)
  const form = ref<DraftForm>({ answers: {}, materials: [] })
  const partyId = ref<number | null>(null)
  const savedAt = ref('')
  const state = ref<'saved' | 'saving' | 'dirty' | 'fault'>('saved')
  const problem = shallowRef<Problem | null>(null)
  let page: string | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let edits = 0
  let running: Promise<boolean> = Promise.resolve(true)

  async function load(code: string): Promise<void> {
    const reply = await send<Draft>('GET', `/drafts/${code}`)
    draft.value = reply.data
    const saved = reply.data.form as Partial<DraftForm> | null
    form.value = { ...saved, answers: saved?.answers ?? {}, materials: saved?.materials ?? [] }
    partyId.value = reply.data.party_id
    savedAt.value = reply.data.saved_at
    page = reply.data.page
    state.value = 'saved'
  }
  async function write(): Promise<boolean> {
    const now = draft.value
    if (!now) return false
    const mine = edits
    state.value = 'saving'
    try {
      const body = { form: form.value, ...(page === null ? {} : { page }), ...(partyId.value === null ? {} : { party_id: partyId.value }) }
      const next = await put<Draft>(`/drafts/${now.code}`, body, { etag: now.version })
      draft.value = { ...now, ...next }
      savedAt.value = next.saved_at
      problem.value = null
      state.value = edits === mine ? 'saved' : 'dirty'
      return true
    } catch (fault) {
      problem.value = asProblem(fault)
      state.value = 'fault'
      return false
    }
  }
  /** Saves now; saves queue up, so that versions follow each other. */
  function save(): Promise<boolean> {
    if (timer) clearTimeout(timer)
    timer = null
    running = running.then(write)
    return running
  }
  function touch(): void {
    edits += 1
    if (state.value !== 'saving') state.value = 'dirty'
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void save(), 2_000)
  }
  function setAnswer(name: string, value: unknown): void {
    form.value = { ...form.value, answers: { ...form.value.answers, [name]: value } }
    touch()
  }
  function setMore(name: string, value: unknown): void {
    form.value = { ...form.value, [name]: value }
    touch()
  }
  function setMaterial(code: string, change: Partial<FormMaterial>): void {
    const old = form.value.materials.find((m) => m.code === code) ?? { code, files: [] }
    form.value = { ...form.value, materials: [...form.value.materials.filter((m) => m.code !== code), { ...old, ...change }] }
    touch()
  }
  function goTo(next: string): void { page = next }
  function setParty(id: number | null): void { partyId.value = id; touch() }
  /** After a conflict with another tab: take the server's version number, keep what is on this page. */
  async function rebase(): Promise<void> {
    if (!draft.value) return
    const reply = await send<Draft>('GET', `/drafts/${draft.value.code}`)
    draft.value = { ...draft.value, version: reply.data.version }
    await save()
  }
  onScopeDispose(() => { if (timer) { clearTimeout(timer); if (state.value === 'dirty') void write() } })
  return { draft, form, partyId, savedAt, state, problem, load, save, setAnswer, setMore, setMaterial, setParty, goTo, rebase, get lastPage() { return page } }
}
