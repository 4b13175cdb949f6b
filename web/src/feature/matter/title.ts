// Titles of list rows read "item · party"; lists show the two apart.
import { tidy } from '@/i18n'

export function splitTitle(row: { title: string; party?: string | null }): { what: string; who: string } {
  const { what, who } = split(row)
  return { what: tidy(what), who }
}
function split(row: { title: string; party?: string | null }): { what: string; who: string } {
  const at = row.title.indexOf(' · ')
  if (row.party) return { what: at < 0 ? row.title : row.title.slice(0, at), who: row.party }
  return at < 0 ? { what: row.title, who: '' } : { what: row.title.slice(0, at), who: row.title.slice(at + 3) }
}
