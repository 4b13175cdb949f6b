// Labels above a ruler: each stands over its day, inside the ruler, and rises a row where it would touch
// one that is there already. The first and the last (start and due) keep the lowest row.
export interface Label { at: number; width: number }

export function inRows(labels: Label[], width: number, gap = 12): { row: number; left: number }[] {
  const left = labels.map((l) => Math.max(0, Math.min(l.at - l.width / 2, width - l.width)))
  const rank = (i: number): number => (i === 0 ? 0 : i === labels.length - 1 ? 1 : 2)
  const order = labels.map((_, i) => i).sort((a, b) => rank(a) - rank(b) || a - b)
  const row = new Map<number, number>()
  for (const i of order) {
    let r = 0
    const touches = (k: number): boolean => left[i]! < left[k]! + labels[k]!.width + gap && left[k]! < left[i]! + labels[i]!.width + gap
    while ([...row].some(([k, at]) => at === r && touches(k))) r++
    row.set(i, r)
  }
  return labels.map((_, i) => ({ row: row.get(i) ?? 0, left: left[i]! }))
}
