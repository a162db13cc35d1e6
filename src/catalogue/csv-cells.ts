// Cells of a product CSV as text: trimmed, without control characters, and guarded against programs
// that run a cell as a formula. What is written here is read back as it was: `unguard(guard(x)) = x`.

/** Text of one line: control characters and line ends become spaces. */
export const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim();

const formula = /^'*[=+\-@]/;
const digits = /^'*\d+$/;

/** A spreadsheet takes `=…`, `+…`, `-…` and `@…` for a formula; an apostrophe before it says text. */
export const guard = (text: string): string => (formula.test(text) ? `'${text}` : text);
export const unguard = (text: string): string =>
  text.startsWith("'") && formula.test(text) ? text.slice(1) : text;

/** Shopify writes an apostrophe before a SKU or barcode of digits alone, lest it become a number. */
export const guardCode = (text: string): string => (digits.test(text) ? `'${text}` : guard(text));
export const unguardCode = (text: string): string =>
  text.startsWith("'") && digits.test(text) ? text.slice(1) : unguard(text);
