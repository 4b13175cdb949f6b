// Texts are typed modules: i18n/zh/<domain>.ts is the source, i18n/en/<domain>.ts has its type, so a
// missing or differently shaped English text does not compile. English is fetched when first wanted.
//
//   zh/portal.ts:  export const portal = texts(zh, <loader of en/portal>)
//   {{ portal.title }}                                              // reactive in templates
import { shallowReactive, shallowRef } from 'vue'

export type Lang = 'zh' | 'en'
/** A text from the server: English may be missing. */
export interface Text { zh: string; en: string | null }

const KEY = 'huhang.lang'
export const lang = shallowRef<Lang>('zh')

interface Domain { load: () => Promise<void>; done: boolean }
const domains: Domain[] = []

function fetchAll(): Promise<unknown> {
  return Promise.all(domains.filter((d) => !d.done).map((d) => d.load()))
}

/** Joins a Chinese module with its lazily fetched English twin; reads go to the language shown. */
export function texts<T extends object>(zh: T, en: () => Promise<{ default: T }>): T {
  const state = shallowReactive<{ en: T | null }>({ en: null })
  const domain: Domain = {
    done: false,
    load: async () => {
      state.en = (await en()).default
      domain.done = true
    },
  }
  domains.push(domain)
  if (lang.value === 'en') void domain.load()
  return new Proxy(zh, {
    get: (source, name) => Reflect.get((lang.value === 'en' && state.en) || source, name) as unknown,
  })
}

/** Resolves when every text that is loaded so far is there in the language shown. */
export async function textsReady(): Promise<void> {
  if (lang.value === 'en') await fetchAll()
}

export async function setLang(next: Lang): Promise<void> {
  if (next === 'en') await fetchAll()
  lang.value = next
  document.documentElement.lang = next === 'en' ? 'en' : 'zh-CN'
  try { localStorage.setItem(KEY, next) } catch { /* private mode: not remembered */ }
}

export async function restoreLang(): Promise<void> {
  let saved: string | null = null
  try { saved = localStorage.getItem(KEY) } catch { /* private mode */ }
  if (saved === 'en') await setLang('en')
}

type Loose = Text | string | null | undefined

const inside = /\(([^()]*[\u3400-\u9fff][^()]*)\)/g
const units: Record<string, string> = { wd: '个工作日', cd: '天', mo: '个月', y: '年' }
/** Chinese from files as Chinese is printed: full-width brackets and stops, limits in words. */
export function tidy(text: string): string {
  if (!/[\u3400-\u9fff]/.test(text)) return text
  return text.replace(inside, '（$1）').replace(/(\d)\s*(wd|cd|mo)(?![a-z])/g, (_, n: string, unit: string) => `${n} ${units[unit] ?? unit}`)
    .replace(/(?<=[\u3400-\u9fff）\d]); */g, '；').replace(/(?<=[\u3400-\u9fff）]): */g, '：').replace(/(?<=[\u3400-\u9fff）号]), */g, '，')
}

/** The words of a server text in the language shown; Chinese where the English is missing. */
export function say(text: Loose): string {
  if (text === null || text === undefined) return ''
  if (typeof text === 'string') return text
  if (lang.value === 'en' && text.en !== null && text.en !== undefined) return text.en
  // numbers stand apart from their unit: 5 个工作日
  return tidy(text.zh ?? '').replace(/(\d)(个(?:工作日|自然日|月|小时|服务小时))/g, '$1 $2')
}

const han = /[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]/

/** `lang` for an element that shows say(text): zh when Chinese stands on an English page. */
export function langOf(text: Loose): 'zh' | undefined {
  return lang.value === 'en' && han.test(say(text)) ? 'zh' : undefined
}
