// Catalogue queries shared by portal, apply and window.
import { usePages, useQuery } from '@/kit/query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { get, type Query } from '@/api/client'
import type { BundleRow, Guide, ItemRow, Rows, Text, UnitRef } from '@/api/types'
import { say } from '@/i18n'
import { portal } from '@/i18n/zh/portal'

const long = 5 * 60_000

export interface UnitRow extends UnitRef { parent_id: number | null; items: number }

export const useItem = (code: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ['item', computed(() => toValue(code))], staleTime: long, enabled: computed(() => toValue(code) !== ''),
    queryFn: ({ signal }) => get<Guide>(`/items/${encodeURIComponent(toValue(code))}`, {}, signal) })

export const useItems = (filter: MaybeRefOrGetter<Query>) =>
  usePages({
    queryKey: ['items', computed(() => toValue(filter))], staleTime: long,
    queryFn: ({ after, signal }) => get<Rows<ItemRow>>('/items', { ...toValue(filter), after, limit: 100 }, signal),
    keep: true,
  })
export const useThemes = () => useQuery({ queryKey: ['themes'], staleTime: long, queryFn: ({ signal }) => get<Rows<{ tag: string; name?: Text; count: number }>>('/themes', {}, signal) })
export const useUnits = () => useQuery({ queryKey: ['units'], staleTime: long, queryFn: ({ signal }) => get<Rows<UnitRow>>('/units', {}, signal) })
export const useBundles = () => useQuery({ queryKey: ['bundles'], staleTime: long, queryFn: ({ signal }) => get<Rows<BundleRow>>('/bundles', {}, signal) })

export const searchItems = async (query: string, signal: AbortSignal): Promise<ItemRow[]> => (await get<Rows<ItemRow>>('/items', { query, limit: 8 }, signal)).rows

/** The three quick channels: which items each is open for. */
export type Channel = 'immediate' | 'defer' | 'pledge'
export const channels: Channel[] = ['immediate', 'defer', 'pledge']
export function inChannel(item: ItemRow, channel: Channel): boolean {
  if (channel === 'immediate') return item.immediate
  return (channel === 'defer' ? item.allow_defer : item.commitment) === true
}

/** One line of facts about an item's time: 承诺8个工作日 · 法定20个工作日. */
export function limitLine(item: Pick<ItemRow, 'immediate' | 'promised' | 'legal'>): string {
  if (item.immediate) return portal.immediate
  if (item.promised) return portal.promised(` ${say(item.promised)}`.replace(/^ (?!\d)/, ''))
  return item.legal ? portal.legal(` ${say(item.legal)}`.replace(/^ (?!\d)/, '')) : portal.noLimit
}
