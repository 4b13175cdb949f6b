import { createApp } from 'vue'
import '@/style/index.css'
import { restoreLang } from '@/i18n'
import { loadMe } from '@/api/session'
import { applyModes } from '@/kit/modes'
import App from './App.vue'
import { router } from './router'

applyModes()
await Promise.all([restoreLang(), loadMe()])
createApp(App).use(router).mount('#app')
