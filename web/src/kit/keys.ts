// Keyboard shortcuts for staff (frontend.md 9): letters act only outside inputs and outside Chinese
// composition, can be switched off, and select but never submit.
import { onScopeDispose } from 'vue'
import { letterKeys } from './modes'

/** An action that answers false did not want the key: it goes on to whoever else listens. */
export type KeyMap = Record<string, (event: KeyboardEvent) => boolean | void>

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement && /^(?:radio|checkbox|button|submit)$/.test(target.type)) return false
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Name of a key press: "j", "alt+1", "ctrl+enter", "?". */
export function keyName(event: KeyboardEvent): string {
  const digit = /^Digit(\d)$/.exec(event.code)
  const base = event.altKey && digit ? digit[1]! : event.key.toLowerCase()
  return `${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${base}`
}

export function handleKey(event: KeyboardEvent, map: KeyMap): void {
  if (event.isComposing || event.defaultPrevented) return
  const name = keyName(event)
  const action = map[name]
  if (!action) return
  const chord = name.includes('+')
  if (!chord && (typing(event.target) || !letterKeys.value)) return
  // what lies behind an open dialog hears nothing: Ctrl Enter there must not confirm a decision here
  if (document.querySelector('dialog[open]')) return
  if (action(event) !== false) event.preventDefault()
}

export function useKeys(map: KeyMap): void {
  const listen = (event: KeyboardEvent): void => handleKey(event, map)
  addEventListener('keydown', listen)
  onScopeDispose(() => removeEventListener('keydown', listen))
}
