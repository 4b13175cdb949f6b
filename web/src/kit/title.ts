// Page title = thing + state; focus goes to the h1 after navigation (App.vue).
import { watchEffect } from 'vue'
import { c } from '@/i18n/zh/common'

export function useTitle(title: () => string): void {
  watchEffect(() => {
    const own = title()
    document.title = own === '' ? c.brand : `${own} · ${c.brand}`
  })
}
