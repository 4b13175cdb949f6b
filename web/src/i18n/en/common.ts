import type { zh } from '../zh/common'

const s = (n: number): string => (n === 1 ? '' : 's')
const en: typeof zh = {
  brand: 'Gaoxin Government Services',
  p: { colon: ': ', comma: ', ', and: ', ', stop: '. ', open: ' (', close: ')', semi: '; ', lq: ' “', rq: '”' },
  skip: 'Skip to content',
  close: 'Close', cancel: 'Cancel', back: 'Back', go: 'Continue', save: 'Save', del: 'Delete', edit: 'Change', add: 'Add', search: 'Search',
  confirm: 'Confirm', yes: 'Yes', no: 'No', none: 'None', all: 'All', open: 'Open', retry: 'Try again', reload: 'Show the latest', print: 'Print',
  more: 'Show more', optional: ' (optional)', choose: 'Choose', loading: 'Loading…', signIn: 'Sign in', signOut: 'Sign out', help: 'Help',
  saved: (t) => `Saved ${t}`, saving: 'Saving…', unsaved: 'Changes not saved yet',
  copy: 'Copy', copied: 'Copied', undo: 'Undo',
  demo: 'Demo', sample: 'Sample', fictitious: 'Demonstration data; all companies and people are fictitious',
  errorsTitle: (n) => `${n} thing${s(n)} to correct`,
  trace: (id) => `Problem number ${id}`,
  offline: 'You are off-line. What you typed is kept, and the page goes on when the network is back.',
  reconnecting: (t) => `Reconnecting. You see the data of ${t}.`,
  changedElsewhere: 'Something changed', showChanges: 'Update the list',
  retryIn: (n) => `Trying again in ${n} s`,
  newTab: '(opens a new tab)',
  days: (n) => `${n} day${s(n)}`,
  items: (n) => `${n} item${s(n)}`,
  theme: { large: 'Large type', contrast: 'High contrast', english: 'English', chinese: '中文' },
  light: { green: 'on time', yellow: 'due soon', red: 'overdue', paused: 'paused', none: 'no limit' },
  left: {
    days: (n) => `${n} working day${s(n)} left`, cdays: (n) => `${n} day${s(n)} left`, hours: (n) => `${n} hour${s(n)} left`,
    other: (what) => `${what} left`, today: 'Due today', over: (what) => `Overdue by ${what}`,
    paused: 'Clock paused', met: 'Done in time', late: 'Not done in time', cancelled: 'No longer due', none: 'No limit', expired: 'Expired',
    short: { today: 'today', days: (n) => `${n} d`, over: (n) => `${n} d over` },
  },
  keysTitle: 'Keyboard', keysOff: 'Switch single-key shortcuts off',
  legalBasis: 'Legal basis',
  notPublished: 'Not yet published',
}
export default en
