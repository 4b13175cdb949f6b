import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import Combobox from './Combobox.vue'
import DateParts from './DateParts.vue'
import ErrorSummary from './ErrorSummary.vue'
import Field from './Field.vue'
import NumberInput from './NumberInput.vue'
import { handleKey, keyName } from './keys'
import { letterKeys } from './modes'

describe('Field', () => {
  it('joins label, hint and error to its control', () => {
    const page = mount(Field, { props: { label: '面积', hint: '包括库房', error: '要填数字', name: 'a' }, slots: { default: `<template #default="f"><input :id="f.id" :aria-describedby="f.describedby" :aria-invalid="f.invalid"></template>` } })
    const input = page.find('input')
    expect(page.find('label').attributes('for')).toBe('a')
    expect(input.attributes('aria-describedby')).toBe('a-e a-h')
    expect(input.attributes('aria-invalid')).toBe('true')
  })
})

describe('NumberInput', () => {
  const type = async (text: string, money = false): Promise<unknown> => {
    const page = mount(NumberInput, { props: { modelValue: null, money } })
    await page.find('input').setValue(text)
    await nextTick()
    return page.emitted('update:modelValue')?.at(-1)?.[0]
  }
  it('reads grouped and full-width digits', async () => {
    expect(await type('1,204')).toBe(1204)
    expect(await type('１２６')).toBe(126)
  })
  it('keeps what it cannot read, so that the message can name it', async () => {
    expect(await type('一百二十六')).toBe('一百二十六')
  })
  it('keeps money in fen without floating point', async () => {
    expect(await type('1204.5', true)).toBe(120450)
    expect(await type('0.29', true)).toBe(29)
    expect(await type('1.234', true)).toBe('1.234')
  })
})

describe('DateParts', () => {
  it('joins three boxes to a date string', async () => {
    const page = mount(DateParts, { props: { modelValue: '2026-10-09' } })
    const boxes = page.findAll('input')
    expect(boxes.map((b) => b.element.value)).toEqual(['2026', '10', '9'])
    await boxes[2]!.setValue('20')
    expect(page.emitted('update:modelValue')?.at(-1)?.[0]).toBe('2026-10-20')
  })
})

describe('ErrorSummary', () => {
  it('takes focus and links to the fields', async () => {
    const page = mount(ErrorSummary, { props: { errors: [{ id: 'x', text: '请填写“地址”' }] }, attachTo: document.body })
    await nextTick()
    expect(document.activeElement).toBe(page.find('[role=alert]').element)
    expect(page.find('a').attributes('href')).toBe('#x')
    page.unmount()
  })
})

describe('Combobox', () => {
  it('asks after typing stops, moves with arrows, takes with Enter, never during composition', async () => {
    vi.useFakeTimers()
    const find = vi.fn(() => Promise.resolve(['食品经营许可', '食品备案']))
    const page = mount(Combobox, { props: { modelValue: '', find, keyOf: (o: unknown) => o as string, 'onUpdate:modelValue': (v: string) => page.setProps({ modelValue: v }) }, slots: { default: '<template #default="p">{{ p.option }}</template>' }, attachTo: document.body })
    const box = page.find('input')
    box.element.focus()
    await box.setValue('食')
    await box.setValue('食品')
    await vi.advanceTimersByTimeAsync(200)
    await flushPromises()
    expect(find).toHaveBeenCalledTimes(1)
    expect(box.attributes('aria-expanded')).toBe('true')
    await box.trigger('keydown', { key: 'ArrowDown' })
    await box.trigger('keydown', { key: 'Enter', isComposing: true })
    expect(page.emitted('pick')).toBeUndefined()
    await box.trigger('keydown', { key: 'Enter' })
    expect(page.emitted('pick')?.[0]).toEqual(['食品备案'])
    page.unmount()
    vi.useRealTimers()
  })
})

describe('keys', () => {
  const press = (key: string, more: KeyboardEventInit & { code?: string } = {}): KeyboardEvent => new KeyboardEvent('keydown', { key, cancelable: true, ...more })
  it('names chords', () => {
    expect(keyName(press('1', { code: 'Digit1', altKey: true }))).toBe('alt+1')
    expect(keyName(press('Enter', { ctrlKey: true }))).toBe('ctrl+enter')
    expect(keyName(press('J'))).toBe('j')
  })
  it('hands a key on that an action did not want', () => {
    const event = press('a')
    const second = vi.fn()
    handleKey(event, { a: () => false })
    handleKey(event, { a: second })
    handleKey(event, { a: second })
    expect(second).toHaveBeenCalledTimes(1)
  })
  it('leaves letters alone while somebody types, and when they are switched off', () => {
    const hit = vi.fn()
    const input = document.createElement('input')
    document.body.append(input)
    const typed = press('j', { bubbles: true })
    input.addEventListener('keydown', (event) => handleKey(event, { j: hit }))
    input.dispatchEvent(typed)
    expect(hit).not.toHaveBeenCalled()
    letterKeys.value = false
    handleKey(press('j'), { j: hit })
    expect(hit).not.toHaveBeenCalled()
    letterKeys.value = true
    handleKey(press('j'), { j: hit })
    expect(hit).toHaveBeenCalledTimes(1)
  })
  it('does nothing behind an open dialog, chords included', () => {
    const confirm = vi.fn()
    const dialog = document.createElement('dialog')
    dialog.setAttribute('open', '')
    document.body.append(dialog)
    handleKey(press('Enter', { ctrlKey: true }), { 'ctrl+enter': confirm })
    expect(confirm).not.toHaveBeenCalled()
    dialog.remove()
    handleKey(press('Enter', { ctrlKey: true }), { 'ctrl+enter': confirm })
    expect(confirm).toHaveBeenCalledTimes(1)
  })
  it('hears letters on a radio button, which nobody types into', () => {
    const hit = vi.fn()
    const radio = document.createElement('input')
    radio.type = 'radio'
    document.body.append(radio)
    radio.addEventListener('keydown', (event) => handleKey(event, { r: hit }))
    radio.dispatchEvent(press('r', { bubbles: true }))
    expect(hit).toHaveBeenCalledTimes(1)
  })
})
