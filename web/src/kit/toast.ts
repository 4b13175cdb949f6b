// Short polite messages at the foot of the page; saves and undo only, never errors.
import { ref } from 'vue'

export interface Toast { id: number; text: string; undo?: (() => void) | undefined }
export const toasts = ref<Toast[]>([])
let count = 0

export function dropToast(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id)
}
export function toast(text: string, undo?: () => void): void {
  const id = ++count
  toasts.value = [...toasts.value.slice(-2), { id, text, undo }]
  setTimeout(() => dropToast(id), undo ? 10_000 : 5_000)
}
