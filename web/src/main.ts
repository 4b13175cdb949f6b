import { createApp } from 'vue'
import { VueQueryPlugin } from '@tanstack/vue-query'
import '@/style/index.css'
import { restoreLang } from '@/i18n'
import { loadMe } from '@/api/session'
import { applyModes } from '@/kit/modes'
import { queries } from '@/kit/query'
import App from './App.vue'
import { router } from './router'

applyModes()
await Promise.all([restoreLang(), loadMe()])
createApp(App).use(VueQueryPlugin, { queryClient: queries }).use(router).mount('#app')
