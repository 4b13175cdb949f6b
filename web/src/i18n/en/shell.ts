import type { zh } from '../zh/shell'

const en: typeof zh = {
  nav: 'Main', home: 'Services', items: 'All items', mine: 'My matters', work: 'Workplaces', tools: 'Display and account', workNav: 'Workplaces',
  pages: { window: 'Window', approve: 'Approval', deliver: 'Delivery', bureau: 'Bureau', admin: 'Administration', audit: 'Audit', portal: 'Portal' },
  account: 'Account', changePassword: 'Change password', actingFor: (n) => `Acting for ${n}`, myself: 'Myself', actFor: 'Act for', unverified: 'identity not verified',
  find: 'Find a matter by number or name', findHint: 'Find a matter', findEmpty: 'Nothing found. Give the whole number.',
  demo: 'Demo', demoTools: 'Demo tools', advance: 'Advance the clock', demoNow: (d) => `It is ${d}`, demoWhy: 'The demo clock only goes forward, to see what happens when limits run out.',
  advances: { '1h': '1 hour', '1wd': '1 working day', '3wd': '3 working days', '5wd': '5 working days', '10wd': '10 working days' }, advanced: (d) => `The clock now says ${d}`,
  untrusted: 'The server clock is not confirmed; automatic steps wait for an administrator and are then done in order.', address: 'Address', phone: 'Telephone', hours: 'Hours', footer: 'Footer',
  keys: [['/', 'find a matter'], ['J K', 'next, previous row'], ['Enter', 'open'], ['[ ]', 'previous, next matter'], ['1–4', 'verdict: in order, to correct, may follow, not needed'], ['Alt 1–9', 'select an outcome'], ['A R E', 'select grant, refuse, extend'], ['Ctrl Enter', 'confirm'], ['G W / G A / G D / G B', 'go to window, approval, delivery, bureau'], ['P', 'print'], ['?', 'this table']],
  keysNote: 'Single keys act only in lists, never while you type; they select and never submit.',
}
export default en
