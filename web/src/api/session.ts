// Who is signed in, the office, its time. Module-level state; no token is ever stored by the page
// (the session is an HttpOnly cookie).
import { computed, ref, shallowRef } from 'vue'
import { setToday } from '@/i18n/format'
import { door, post, put, remove, send } from './client'
import { asProblem, type Problem } from './problem'
import type { Me, PageName } from './types'

export const me = shallowRef<Me | null>(null)
export const meFault = shallowRef<Problem | null>(null)
/** The sign-in dialog over the page is open. */
export const asking = ref(false)
let answer: ((done: boolean) => void) | null = null
let waiting: Promise<boolean> | null = null

/** Office time minus browser time, so that the shown clock is the office's own. */
let skew = 0
export const person = computed(() => me.value?.person ?? null)
export const office = computed(() => me.value?.office ?? null)
export const today = computed(() => me.value?.today ?? '')
/** The enterprise acted for, null when one acts for oneself. */
export const actingFor = computed(() => (me.value?.acting && me.value.acting.mandate_id !== null ? me.value.acting : null))
export const isStaff = computed(() => person.value?.kind === 'staff')

export function may(page: PageName): boolean {
  return me.value?.pages.includes(page) ?? false
}

function take(next: Me): Me {
  me.value = next
  meFault.value = null
  door.csrf = next.csrf ?? ''
  setToday(next.today)
  skew = Date.parse(next.now) - Date.now()
  return next
}

/** The office's wall clock as an instant with +08:00. */
export function officeNow(): string {
  return new Date(Date.now() + skew + 8 * 3_600_000).toISOString().replace('Z', '+08:00')
}

export async function loadMe(): Promise<void> {
  try {
    take((await send<Me>('GET', '/me', { quiet: true })).data)
  } catch (fault) {
    meFault.value = asProblem(fault)
  }
}

export async function signIn(login: string, password: string): Promise<Me> {
  return take(await post<Me>('/session', { login, password }, { quiet: true }))
}
export async function redeemCode(login: string, code: string, newPassword: string): Promise<Me> {
  return take(await post<Me>('/session/code', { login, code, new_password: newPassword }, { quiet: true }))
}
export async function register(form: Record<string, string>): Promise<Me> {
  return take(await post<Me>('/registrations', form, { quiet: true }))
}
export async function changePassword(oldPassword: string, newPassword: string): Promise<Me> {
  return take(await put<Me>('/session/password', { old_password: oldPassword, new_password: newPassword }))
}
export async function actFor(partyId: number | null): Promise<Me> {
  return take(await put<Me>('/session/acting', { party_id: partyId }))
}
export interface FreshCode { id: number; login: string; code: string; name?: string }
/** First start: names the other two administrators; each gets a one-time code. */
export async function nameAdministrators(form: { security: { login: string; name: string }; audit: { login: string; name: string } }): Promise<{ security: FreshCode; audit: FreshCode }> {
  return post('/setup/administrators', form)
}
export async function signOut(): Promise<void> {
  await remove('/session', { quiet: true })
  await loadMe()
}

/** Opens the sign-in dialog over the page; resolves true once signed in. One dialog for all callers. */
export function askSignIn(): Promise<boolean> {
  waiting ??= new Promise<boolean>((resolve) => {
    answer = resolve
    asking.value = true
  }).finally(() => { waiting = null })
  return waiting
}
export function answerSignIn(done: boolean): void {
  asking.value = false
  answer?.(done)
  answer = null
}

door.renew = loadMe
door.signIn = askSignIn
