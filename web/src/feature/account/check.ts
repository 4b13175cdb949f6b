// Courtesy checks of account forms: GB 11643 check digit, phone, login, password length.
export function idNumberOk(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, w, i) => total + w * Number(text[i]), 0)
  return '10X98765432'[sum % 11] === text[17]
}
export const phoneOk = (text: string): boolean => /^1\d{10}$/.test(text)
export const loginOk = (text: string): boolean => /^[A-Za-z0-9._-]{4,32}$/.test(text)
export const passwordOk = (text: string): boolean => [...text].length >= 10
