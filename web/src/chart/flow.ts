// Layout of a process: states that are still open stand in rows by the longest way to them, ends stand in
// a lane at the right beside the states they are reached from. Arithmetic only; FlowMap.vue draws it.
export interface FlowState { name: string; end: boolean }
export interface FlowEdge { from: string | null; to: string }
export interface Placed { name: string; x: number; y: number }
export interface Curve { from: string | null; to: string; path: string; at: { x: number; y: number }; back: boolean }
export interface Flow { nodes: Placed[]; curves: Curve[]; width: number; height: number }

export const NODE = { w: 148, h: 40 }
const GAP = { x: 28, y: 46 }

/** Rows of the open states: longest way from the start, ways back left out. */
function ranks(open: string[], edges: FlowEdge[]): Map<string, number> {
  const next = new Map(open.map((s) => [s, edges.filter((e) => e.from === s && e.to !== s && open.includes(e.to)).map((e) => e.to)]))
  const rank = new Map<string, number>()
  const back = new Set<string>()
  const visit = (s: string, way: string[]): void => {
    for (const to of next.get(s) ?? []) {
      if (way.includes(to)) { back.add(`${s} ${to}`); continue }
      if ((rank.get(to) ?? -1) >= way.length) continue
      rank.set(to, way.length)
      visit(to, [...way, to])
    }
  }
  const starts = edges.filter((e) => e.from === null).map((e) => e.to)
  for (const s of starts.length > 0 ? starts : open.slice(0, 1)) { rank.set(s, rank.get(s) ?? 0); visit(s, [s]) }
  const last = Math.max(0, ...rank.values())
  for (const s of open) if (!rank.has(s)) rank.set(s, last + 1)
  return rank
}

function curve(a: Placed, b: Placed, side: boolean, bow: number): { path: string; at: { x: number; y: number } } {
  const h = NODE.h / 2
  const from = side ? { x: a.x + NODE.w / 2, y: a.y } : { x: a.x, y: a.y + (b.y > a.y ? h : -h) }
  const to = side ? { x: b.x - NODE.w / 2, y: b.y } : { x: b.x, y: b.y - (b.y > a.y ? h : -h) }
  if (!side && bow !== 0) { from.x = to.x = a.x + Math.sign(bow) * (NODE.w / 2); from.y = a.y; to.y = b.y; to.x = b.x + Math.sign(bow) * (NODE.w / 2) }
  const c1 = side ? { x: (from.x + to.x) / 2, y: from.y } : { x: from.x + bow, y: bow === 0 ? (from.y + to.y) / 2 : from.y }
  const c2 = side ? { x: (from.x + to.x) / 2, y: to.y } : { x: to.x + bow, y: bow === 0 ? (from.y + to.y) / 2 : to.y }
  const mid = (p: 'x' | 'y'): number => (from[p] + 3 * c1[p] + 3 * c2[p] + to[p]) / 8
  return { path: `M${from.x} ${from.y}C${c1.x} ${c1.y} ${c2.x} ${c2.y} ${to.x} ${to.y}`, at: { x: mid('x'), y: mid('y') } }
}

export function flow(states: FlowState[], edges: FlowEdge[]): Flow {
  const open = states.filter((s) => !s.end).map((s) => s.name)
  const rank = ranks(open, edges)
  const rows = Array.from({ length: Math.max(0, ...rank.values()) + 1 }, (_, r) => open.filter((s) => rank.get(s) === r))
  const most = Math.max(1, ...rows.map((r) => r.length))
  const lane = 90
  const middle = lane + (most * (NODE.w + GAP.x)) / 2
  const step = NODE.h + GAP.y
  const nodes: Placed[] = rows.flatMap((row, r) => row.map((name, i) => ({ name, x: middle + (i - (row.length - 1) / 2) * (NODE.w + GAP.x), y: NODE.h + r * step })))
  const place = (name: string): Placed | undefined => nodes.find((n) => n.name === name)
  const endX = middle + (most * (NODE.w + GAP.x)) / 2 + lane + NODE.w / 2
  const mean = (name: string): number => { const ys = edges.filter((e) => e.to === name && e.from !== null).map((e) => place(e.from!)?.y ?? 0); return ys.length > 0 ? ys.reduce((a, b) => a + b, 0) / ys.length : 0 }
  let below = 0
  for (const end of states.filter((s) => s.end).map((s) => ({ name: s.name, y: mean(s.name) })).sort((a, b) => a.y - b.y)) {
    const y = Math.max(end.y, below)
    nodes.push({ name: end.name, x: endX, y })
    below = y + NODE.h + 14
  }
  const seen = new Map<string, FlowEdge>()
  for (const e of edges) if (e.from !== e.to && e.from !== null) seen.set(`${e.from} ${e.to}`, e)
  const curves: Curve[] = []
  for (const e of seen.values()) {
    const a = place(e.from!)
    const b = place(e.to)
    if (!a || !b) continue
    const span = (rank.get(e.to) ?? 0) - (rank.get(e.from!) ?? 0)
    const side = !rank.has(e.to)
    const bow = side || span === 1 ? 0 : span < 0 ? 24 + 12 * -span : -(20 + 14 * span)
    curves.push({ from: e.from, to: e.to, back: !side && span < 0, ...curve(a, b, side, bow) })
  }
  return { nodes, curves, width: endX + NODE.w / 2 + 12, height: Math.max(...nodes.map((n) => n.y), 0) + NODE.h }
}
