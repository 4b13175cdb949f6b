// A component fetched when first shown, together with its texts in the language shown.
import { defineAsyncComponent, type Component } from 'vue'
import { textsReady } from '@/i18n'

export function lazy<C extends Component>(load: () => Promise<{ default: C }>): C {
  return defineAsyncComponent(async () => {
    const module = await load()
    await textsReady()
    return module.default
  }) as unknown as C
}
