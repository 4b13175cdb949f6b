// One project, one HTML entry for now (index.html: portal and staff). Built files must run under the
// CSP of frontend.md 10: no inlined assets, no module-preload polyfill, hashed immutable names.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const api = process.env['HUHANG_API'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rollupOptions: {
      input: { index: fileURLToPath(new URL('./index.html', import.meta.url)) },
      // What every page needs travels in two files: many small ones compress badly.
      output: { codeSplitting: { groups: [
        { name: 'vendor', test: /node_modules[\\/](?:@vue|vue|vue-router)[\\/]/ },
        { name: 'base', test: /src[\\/](?:api[\\/](?!upload)|i18n[\\/](?:index|format|zh[\\/](?:common|kit|shell|problem))|kit[\\/](?:Icon|Btn|Say|Tag|Kbd|Banner|ProblemBox|Wait|Empty|Field|TextInput|Toaster|modes|title|query|toast|keys)\b|feature[\\/]shell[\\/](?:PublicShell|Brand|Switches|AccountMenu|places)|App\.vue)/ },
      ] } },
    },
  },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], restoreMocks: true },
})
