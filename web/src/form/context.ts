// What a generated form may need to know about its surroundings: the materials that can be handed in
// or judged, the fields of the item version.
import type { Field, Text } from '@/api/types'

export interface KnownMaterial {
  code: string; name: Text; necessity?: string; deferrable?: boolean; commitment_ok?: boolean; share_exempt?: boolean; condition?: Text | string | null
  got?: { files: number; paper: number }; verdict?: string; note?: Text | string | null
  /** demanded by the correction notice */
  wanted?: boolean
}
export interface FormContext { matterId?: number | null; materials?: KnownMaterial[]; itemForm?: Field[]; allowDefer?: boolean }
