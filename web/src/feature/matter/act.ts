// Doing one act: its schema, the values typed, courtesy checks, If-Match and one key per intent. The same
// composable serves the act dialog, the intake desk, the decision panel and the counter.
import { computed, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useQuery } from '@/kit/query'
import { Intent, get, send } from '@/api/client'
import { asProblem, errorsUnder, type Problem } from '@/api/problem'
import type { FormSchema, Guide, LetterPreview, Matter, MatterAct, TimelineRow } from '@/api/types'
import { blank, checkFields, clean, fieldId, type Errors, type Values } from '@/form/check'
import type { FormContext, KnownMaterial } from '@/form/context'
import type { Verdict } from '@/form/VerdictTable.vue'
import { say } from '@/i18n'
import { matterText } from '@/i18n/zh/matter'
import { toast } from '@/kit/toast'
import { takeMatter } from './data'

/** Materials of the item joined with what was handed in and demanded. */
export function knownMaterials(matter: Matter, guide: Guide | undefined): KnownMaterial[] {
  const wanted = new Set((Array.isArray(matter.facts['defects']) ? (matter.facts['defects'] as unknown[]) : []).map((d) => (typeof d === 'string' ? d : ((d as { code?: string } | null)?.code ?? ''))))
  const byCode = new Map<string, KnownMaterial>()
  for (const m of guide?.materials ?? []) byCode.set(m.code, { code: m.code, name: m.name, necessity: m.necessity, deferrable: m.deferrable, commitment_ok: m.commitment_ok, share_exempt: m.share_exempt, condition: m.condition })
  for (const m of matter.form?.materials ?? []) {
    const known = byCode.get(m.code)
    byCode.set(m.code, { necessity: m.necessity ?? 'required', deferrable: m.deferrable ?? false, ...known, code: m.code, name: m.name ?? known?.name, got: { files: m.files?.length ?? 0, paper: m.paper ?? 0 }, verdict: m.verdict, note: m.note })
  }
  const list = [...byCode.values()]
  for (const m of list) if (wanted.has(m.code)) m.wanted = true
  return list
}

export function startVerdicts(materials: KnownMaterial[]): Verdict[] {
  return materials.map((m) => ({ code: m.code, result: (m.verdict ?? 'unseen') as Verdict['result'], ...(m.note && (m.verdict === 'fix' || m.verdict === 'defer') ? { note: say(m.note) } : {}) }))
}

/** Who was first, where the refusal does not say: the newest act of the matter, read beside the page, so
 *  that what is shown and typed stays as it is. */
async function tellWho(problem: Problem, id: number): Promise<void> {
  if (problem.doc.last_act) return
  try {
    const now = await get<Matter>(`/matters/${id}`)
    const last = now.timeline.reduce<TimelineRow | null>((a, b) => (a && a.seq > b.seq ? a : b), null)
    if (last) problem.doc.last_act = { act: last.act, label: last.label, actor: last.actor, recorded_at: last.recorded_at }
    problem.doc.state_name = now.state_name
  } catch { /* the panel then says it without a name */ }
}

export function useSchema(matterId: MaybeRefOrGetter<number>, act: MaybeRefOrGetter<MatterAct | null>) {
  const path = computed(() => toValue(act)?.form ?? '')
  return useQuery({
    queryKey: ['form', path, computed(() => toValue(matterId))], enabled: computed(() => path.value !== ''), staleTime: 60_000,
    queryFn: ({ signal }) => get<FormSchema>(path.value, path.value.includes('?') ? {} : { matter: toValue(matterId) }, signal),
  })
}

export function useAct(options: {
  matter: MaybeRefOrGetter<Matter | undefined>; act: MaybeRefOrGetter<MatterAct | null>; name: MaybeRefOrGetter<string>
  guide?: MaybeRefOrGetter<Guide | undefined>; base?: string; start?: () => Values
}) {
  const matter = computed(() => toValue(options.matter))
  const act = computed(() => toValue(options.act))
  const base = options.base ?? 'act'
  const schema = useSchema(() => matter.value?.id ?? 0, act)
  const values = ref<Values>({})
  const errors = ref<Errors>({})
  const listed = ref<{ id: string; text: string }[]>([])
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  const uploading = ref(false)
  const others = ref<number[]>([])
  const occurredAt = ref('')
  const lateReason = ref('')
  const intent = new Intent()
  const fields = computed(() => schema.data.value?.fields ?? [])
  const context = computed<FormContext>(() => {
    const guide = toValue(options.guide)
    return {
      matterId: matter.value?.id ?? null, materials: matter.value ? knownMaterials(matter.value, guide) : [],
      itemForm: matter.value?.form?.fields ?? guide?.form ?? [],
      ...(guide ? { allowDefer: guide.allow_defer } : {}),
    }
  })
  const ready = computed(() => act.value !== null && (act.value.form === null || act.value.form === undefined || schema.data.value !== undefined))

  watch([() => act.value?.act, fields], () => {
    const fresh = { ...blank(fields.value), ...(options.start?.() ?? {}) }
    for (const f of fields.value) if (f.type === 'verdicts' && !(fresh[f.name] as unknown[] | undefined)?.length) fresh[f.name] = startVerdicts(context.value.materials ?? [])
    // what was typed for another act under the same field name is kept (a reason stays a reason)
    values.value = { ...fresh, ...Object.fromEntries(Object.entries(values.value).filter(([k, v]) => fields.value.some((f) => f.name === k) && typeof v === 'string' && v !== '')) }
    errors.value = {}
    listed.value = []
  }, { immediate: true })

  function show(found: Errors): boolean {
    errors.value = found
    listed.value = Object.entries(found).map(([path, text]) => ({ id: fieldId(base, path), text }))
    return listed.value.length === 0
  }
  /** What the user wrote, to be kept visible when somebody else was first. */
  const written = computed(() => fields.value.filter((f) => f.type === 'text').map((f) => values.value[f.name]).filter((v): v is string => typeof v === 'string' && v.trim() !== '').join('\n'))

  function body(): Values {
    const out: Values = { act: act.value?.act, form: clean(fields.value, values.value) }
    if (others.value.length > 0) out['with'] = others.value
    if (occurredAt.value !== '') out['occurred_at'] = `${occurredAt.value}:00.000+08:00`
    if (lateReason.value.trim() !== '') out['late_reason'] = lateReason.value.trim()
    return out
  }
  function faults(): Errors {
    const found = checkFields(fields.value, values.value)
    const lacking = (act.value?.people ?? 1) - 1 - others.value.length
    if (lacking > 0) found['with'] = matterText.peopleNeeded(lacking)
    return found
  }
  const check = (): boolean => { told = {}; return show(faults()) }
  /** What the server said of a field stays until it is asked again; the rest goes as it is corrected. */
  let told: Errors = {}
  watch([values, others], () => {
    if (Object.keys(errors.value).length === 0) return
    const now = { ...faults(), ...told }
    errors.value = Object.fromEntries(Object.entries(errors.value).filter(([path]) => path in now))
  }, { deep: true })
  async function submit(): Promise<Matter | null> {
    const m = matter.value
    if (!m || !act.value || busy.value) return null
    problem.value = null
    if (!check()) return null
    busy.value = true
    const label = say(act.value.label)
    try {
      const reply = await send<Matter>('POST', `/matters/${m.id}/acts`, { body: body(), etag: m.etag, key: intent.key })
      intent.settle(null)
      const next = { ...reply.data, etag: reply.data.etag ?? reply.etag }
      takeMatter(toValue(options.name), next)
      values.value = {}
      others.value = []
      toast(matterText.done(label))
      return next
    } catch (fault) {
      const met = asProblem(fault)
      intent.settle(met)
      if (met.conflict) await tellWho(met, m.id)
      problem.value = met
      told = { ...errorsUnder(met, '/form'), ...(met.at('/with') ? { with: met.at('/with')! } : {}) }
      show(told)
      return null
    } finally { busy.value = false }
  }
  const preview = shallowRef<LetterPreview | null>(null)
  const previewFault = shallowRef<Problem | null>(null)
  async function loadPreview(signal?: AbortSignal): Promise<void> {
    if (!matter.value || !act.value) return
    try {
      preview.value = (await send<LetterPreview>('POST', '/letters/preview', { body: { matter: matter.value.id, act: act.value.act, form: clean(fields.value, values.value) }, ...(signal ? { signal } : {}) })).data
      previewFault.value = null
    } catch (fault) { if (!signal?.aborted) previewFault.value = asProblem(fault) }
  }
  return { schema, fields, values, errors, listed, problem, busy, uploading, others, occurredAt, lateReason, context, ready, written, submit, check, preview, previewFault, loadPreview, base }
}
