// Card numbers as people type them. In the sandbox they are test numbers; a real gateway has its own
// field, and no real card number passes through here.

/** "4242424242424242" → "4242 4242 4242 4242", at most 19 digits. */
export const spacedCard = (text: string): string =>
  text
    .replace(/\D/g, '')
    .slice(0, 19)
    .replace(/(\d{4})(?=\d)/g, '$1 ');

export const cardDigits = (text: string): string => text.replace(/\D/g, '');

/** The check digit of ISO/IEC 7812 (Luhn) and a possible length. */
export const isCardNumber = (text: string): boolean => {
  const digits = cardDigits(text);
  if (digits.length < 12 || digits.length > 19) return false;
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};
