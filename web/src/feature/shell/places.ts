// Which workplaces a person has comes from the server's `pages`; here only their addresses.
import type { PageName } from '@/api/types'

export const places: { page: PageName; to: string; key: string }[] = [
  { page: 'window', to: '/w', key: 'w' },
  { page: 'approve', to: '/a', key: 'a' },
  { page: 'deliver', to: '/d', key: 'd' },
  { page: 'bureau', to: '/b', key: 'b' },
  { page: 'admin', to: '/admin', key: 'm' },
  { page: 'audit', to: '/admin/audit', key: 'u' },
]

/** The first workplace of a person, or the portal. */
export function homeOf(pages: readonly PageName[]): string {
  return places.find((p) => pages.includes(p.page))?.to ?? '/'
}
