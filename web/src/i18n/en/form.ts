import type { zh } from '../zh/form'

const s = (n: number): string => (n === 1 ? '' : 's')
const en: typeof zh = {
  needed: (label) => `Fill in “${label}”`, pick: (label) => `Choose “${label}”`, number: (label) => `“${label}” must be a number, such as 126`,
  money: (label) => `“${label}” must be an amount, such as 1200.50`, range: (label, a, b) => `“${label}” must be between ${a} and ${b}`, atLeast: (label, a) => `“${label}” must be at least ${a}`, atMost: (label, b) => `“${label}” must be at most ${b}`,
  long: (label, n) => `“${label}” may have at most ${n} characters`, short: (label, n) => `“${label}” needs at least ${n} characters`, date: (label) => `“${label}” is not a real date`, file: (label) => `Upload “${label}”`, material: (label) => `“${label}” is not handed in yet`,
  verdict: (n) => `${n} material${s(n)} not judged yet`, note: (name) => `Say how to correct “${name}”`,
  unit: { wd: 'working days', cd: 'days', mo: 'months', h: 'hours', y: 'years', sh: 'service hours' }, amount: 'Amount', durUnit: 'Unit',
  addRow: 'Add a row', delRow: (n) => `Remove row ${n}`, row: (n) => `Row ${n}`, findPerson: 'Type a name', findItem: 'Type the name of an item', findParty: 'Full credit code or identity number', findMatter: 'Number of the matter', chosen: 'Chosen', drop: (n) => `Remove ${n}`, notFound: 'Not found, please check',
  paper: 'Paper copies', seen: 'Original seen', materialNote: 'Note', files: 'Files', handed: 'Handed in now', materialsEmpty: 'No materials to hand in', required: 'required', optional: 'optional', conditional: 'depends', deferrable: 'may follow later', commitment: 'pledge possible', exempt: 'may be waived',
  verdicts: { ok: 'In order', fix: 'To correct', defer: 'May follow', not_applicable: 'Not needed', unseen: 'Not seen' }, verdictCol: 'Verdict', materialCol: 'Material', gotCol: 'Received', notLawful: 'not lawful here', howToFix: 'Tell the applicant how to correct it', nothingGot: 'Nothing received', gotFiles: (n) => `${n} file${s(n)}`, gotPaper: (n) => `${n} on paper`,
  checkFirst: 'Find', yes: 'Yes', no: 'No', everything: 'All in order',
}
export default en
