import type { zh } from '../zh/kit'

const en: typeof zh = {
  year: 'Year', month: 'Month', day: 'Day', yearShort: 'year', monthShort: 'month', dayShort: 'day',
  paper: 'Preview of the letter', results: (n) => `${n} result${n === 1 ? '' : 's'}; use the arrow keys`, noResults: 'Nothing found', tryOther: 'Try other words, such as “food” or “shop”.',
  emptyList: 'Nothing here yet', sort: 'Sort', asc: 'ascending', desc: 'descending', conflictTitle: 'This matter changed after you opened the page',
  conflictWho: (t, who, what) => `${t}: ${who} did “${what}”.`, conflictWhat: (state) => `It is now “${state}”.`,
  conflictKept: 'What you wrote is still here.', conflictNow: 'What you can do now:', system: 'the system', draftKept: 'What you wrote', keepDraft: 'Copy what I wrote', page: 'Page',
  closeDialog: 'Close the dialog', wait: 'Loading…', demoPaper: 'Draft', linkOpens: 'opens a new tab',
}
export default en
