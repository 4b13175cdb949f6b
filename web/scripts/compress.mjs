// Writes a .gz and a .br beside every text file of dist/, so that the server sends them as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = new URL('../dist', import.meta.url).pathname
const text = /\.(?:html|js|css|svg|json|webmanifest|txt)$/

for (const name of readdirSync(root, { recursive: true })) {
  const path = join(root, String(name))
  if (!text.test(path)) continue
  const body = readFileSync(path)
  const gz = gzipSync(body, { level: 9 })
  const br = brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  })
  if (gz.length < body.length) writeFileSync(`${path}.gz`, gz)
  if (br.length < body.length) writeFileSync(`${path}.br`, br)
}
