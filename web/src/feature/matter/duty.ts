// What the applicant has to do now: the acts that carry a waiting matter on, the one that moves it first.
import type { Matter, MatterAct } from '@/api/types'

export function dutyOf(matter: Matter): MatterAct[] {
  if (matter.class !== 'waiting') return []
  const on = matter.acts.filter((a) => a.possible && (a.moves_to || /^supply/.test(a.act)) && !/withdraw/.test(a.act))
  return [...on].sort((a, b) => Number(!!b.moves_to) - Number(!!a.moves_to))
}
