import type { zh } from '../zh/account'

const en: typeof zh = {
  signInTitle: 'Sign in', signInOver: 'Your session has ended', signInOverText: 'Sign in again and go on; what you typed is still here.', login: 'Account', password: 'Password', doSignIn: 'Sign in', toRegister: 'No account? Register', toCode: 'Use a one-time code from a window', demoHint: 'The demo accounts are printed when the program starts.',
  registerTitle: 'Register', registerLead: 'The account is yours in person. To act for a company you choose it later by mandate.', name: 'Name', nameHint: 'as on the identity card', idNumber: 'Identity number', idHint: '18 characters, the last may be X', phone: 'Mobile number', newLogin: 'Account', newLoginHint: '4–32 letters or digits', newPassword: 'New password', passwordHint: 'at least 10 characters', doRegister: 'Register', registered: 'Registered and signed in. A window can verify your identity card.',
  codeTitle: 'Sign in with a one-time code', codeLead: 'A window prints the code for you; it works once.', code: 'One-time code', codeHint: 'upper or lower case', doCode: 'Sign in and set the password',
  passwordTitle: 'Set a new password', passwordForced: 'This is your first sign-in: please choose your own password.', oldPassword: 'Present password', again: 'New password again', doPassword: 'Save the new password', passwordSaved: 'New password saved',
  e: { login: 'Fill in the account', password: 'Fill in the password', name: 'Fill in the name', id: 'The identity number is wrong; check each character', phone: 'A mobile number has 11 digits', newLogin: 'An account has 4–32 letters, digits or . _ -', short: 'At least 10 characters', again: 'The two passwords differ', code: 'Fill in the one-time code' },
  show: 'Show the password',
}
export default en
