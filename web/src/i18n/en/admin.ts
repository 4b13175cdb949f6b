import type { zh } from '../zh/admin'

const en: typeof zh = {
  title: 'Administration', tabs: { time: 'Server time', accounts: 'Administrators', signIns: 'Sign-ins', audit: 'Audit' },
  time: { lead: 'Legal limits follow the server clock. When it looks wrong, automatic steps wait until an administrator has checked and confirmed it.', now: 'Office time', trusted: 'The time is confirmed', not: 'The time is not confirmed', confirm: 'I checked: the time is right', ledger: 'Ledger', size: 'entries', root: 'root', checkpoint: 'latest signature', confirmed: 'Confirmed; waiting steps run in order' },
  accounts: { lead: 'System, security and audit administrators are three people without business rights.', none: 'No administrator accounts to show.' },
  signIns: { lead: 'Who signed in when, and whether it worked.', at: 'Time', who: 'Account', result: 'Result', ok: 'ok', failed: 'failed', locked: 'locked', mark: 'Mark of the account', unknown: 'no such account', none: 'No sign-ins yet.', outcomes: { ok: 'ok', success: 'ok', failed: 'failed', wrong: 'failed', locked: 'locked', code: 'one-time code' } },
  audit: { lead: 'Changes of settings, roles and items; nothing can be deleted here.', at: 'Time', actor: 'Who', system: 'the system', what: 'What', subject: 'Subject', detail: 'Content', none: 'Nothing recorded yet.', subjects: { person: 'person', mandate: 'mandate', unit: 'department', item: 'item', param: 'parameter', matter: 'matter', office: 'office', grant: 'role', calendar: 'calendar', catalogue: 'catalogue' } },
}
export default en
