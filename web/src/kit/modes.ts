// Large type, high contrast and single-key shortcuts: switches that are remembered on this device.
// Nothing personal is stored.
import { ref, watchEffect, type Ref } from 'vue'

function kept(name: string, initial: boolean): Ref<boolean> {
  const key = `huhang.${name}`
  let start = initial
  try { start = (localStorage.getItem(key) ?? String(initial)) === 'true' } catch { /* not remembered */ }
  const value = ref(start)
  watchEffect(() => {
    try { localStorage.setItem(key, String(value.value)) } catch { /* not remembered */ }
  })
  return value
}

export const large = kept('large', false)
export const contrast = kept('contrast', false)
/** Single-letter keys can be switched off (WCAG 2.1.4). */
export const letterKeys = kept('keys', true)

export function applyModes(): void {
  watchEffect(() => {
    const root = document.documentElement
    root.toggleAttribute('data-large', large.value)
    root.toggleAttribute('data-contrast', contrast.value)
  })
}

export function setMode(mode: 'public' | 'staff'): void {
  document.body.dataset['mode'] = mode
}
