// Small helpers of the bureau's forms: one save at a time, its fault, its field errors.
import { ref, shallowRef } from 'vue'
import { Intent } from '@/api/client'
import { asProblem, errorsUnder, type Problem } from '@/api/problem'
import { bureau } from '@/i18n/zh/bureau'
import { toast } from '@/kit/toast'

export function useSave() {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const errors = ref<Record<string, string>>({})
  const intent = new Intent()
  async function run(job: (key: string) => Promise<unknown>, said: string = bureau.saved): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    errors.value = {}
    try {
      await job(intent.key)
      intent.settle(null)
      if (said !== '') toast(said)
      return true
    } catch (fault) {
      problem.value = asProblem(fault)
      intent.settle(problem.value)
      errors.value = errorsUnder(problem.value, '')
      return false
    } finally { busy.value = false }
  }
  return { busy, problem, errors, run }
}
