// Code words: what the crowd writes in the chat to claim one variant of an offer. How a text is folded so
// that case and accents don't matter, which words may be a code word at all, and a word to suggest from a
// title. The rule it guards: nobody buys by a word that people say anyway. Rules: docs/rules/comment-claim.md.

/**
 * A text as code words are compared: upper case, without the accents of Latin, Greek and Cyrillic letters
 * and without characters that can't be seen. Signs of other scripts stay: they make other words.
 */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]|\p{Cf}/gu, '')
    .normalize('NFC')
    .toUpperCase();

/** What people say in any chat. As code words these would sell by accident; colours and sizes answer a host's question. */
const chatWords = new Set(
  `ABOUT ALL ALSO AMAZING AND ANY ARE AWESOME BACK BEAUTIFUL BEST BIG BUY BYE CAN CLAIM COLOR COLOUR COOL CUTE
  DAMN DEAL DEAR DO DOES DONE EARLY FIRST FOR FREE FROM GET GOOD GREAT GUYS HAHA HAPPY HAS HAVE HE HELLO HELP HER
  HERE HEY HI HIS HOW HUH IF IN INTERESTED IS IT JUST KNOW LAST LEFT LIKE LIVE LOL LOOK LOOKS LOVE LOVED LOVELY MAKE
  ME MINE MORE MUCH MY NAH NEED NEW NICE NO NONE NOT NOW OF OFF OH OK OKAY OMG ON ONE OR OUT OVER PAY PERFECT PLEASE
  PLS PLZ PRETTY PRICE REALLY SAME SECOND SEE SHE SHIP SHIPPING SHOW SIZE SO SOLD SOME SOON SORRY STILL STOCK STOP
  SUPER SURE TAKE THANK THANKS THANKYOU THAT THE THEY THIS TIME TO TOO TRUE TWO UP US VERY WANT WAS WE WELCOME WELL
  WHAT WHEN WHERE WHICH WHO WHY WILL WISH WITH WOW YEAH YEP YES YOU YOUR YUP
  BLACK BLUE BROWN GOLD GRAY GREEN GREY ORANGE PINK PURPLE RED SILVER WHITE YELLOW
  XS SM MD LG XL XXL XXXL SMALL MEDIUM LARGE THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN
  JA NEIN DANKE BITTE HALLO GUT SCHON SUPER TOLL UND DER DIE DAS IST ICH MIT
  OUI NON MERCI BONJOUR SALUT BEAU BELLE TRES
  SI GRAZIE CIAO BELLO BELLA BELLISSIMO PREGO MOLTO
  HOLA GRACIAS BUENO PRECIO LINDO HERMOSO PRIMERO PRIMERA BOM OBRIGADO OBRIGADA SIM NAO
  TAK NIE DZIEKUJE HAI ACHA`.split(/\s+/),
);

const form = /^[\p{L}\p{M}\p{N}]{2,20}$/u;

/** The code word as it is compared and shown, or null: 2 to 20 letters and digits, a letter among them, no chat word. */
export const codeWordOf = (text: string): string | null => {
  const word = foldText(text.trim());
  // `X2` and `2X` are quantities.
  return form.test(word) && /\p{L}/u.test(word) && !/^\d*X\d*$/.test(word) && !chatWords.has(word)
    ? word
    : null;
};

/** A word without a quantity that is written to it: `2XLAGOON`, `LAGOON2`. */
export const withoutQuantity = (word: string): string =>
  word.replace(/^\d+X?(?=.)/u, '').replace(/(?<=.)X?\d+$/u, '');

/** Whether two words could be taken for each other, one of them with a quantity. */
export const areConfusable = (one: string, other: string): boolean =>
  one === other || withoutQuantity(one) === other || one === withoutQuantity(other);

const wordsIn = (title: string): readonly string[] =>
  foldText(title)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean);

/**
 * A code word to suggest for a variant: of its own title, else of the product's, else of both together; one
 * that `taken` has no word like. Empty when the titles give none.
 */
export const suggestCodeWord = (
  title: string,
  variantTitle: string,
  taken: readonly string[],
): string => {
  const own = wordsIn(variantTitle);
  const ofTitle = wordsIn(title);
  const together = ofTitle.flatMap((word) => (own.length > 0 ? [`${word}${own.join('')}`] : []));
  const candidates = [...own, ...(own.length > 0 ? together : ofTitle), ofTitle.join('')];
  // A letter behind the word, never a digit: `LAGOON2` reads as two of LAGOON.
  const lettered = [...candidates].flatMap((word) => [...'BCDEFG'].map((letter) => word + letter));
  for (const candidate of [...candidates, ...lettered]) {
    const word = codeWordOf(candidate.slice(0, 20));
    // Short words and bare numbers are hard to say and easy to meet by chance.
    if (
      word &&
      word.length >= 3 &&
      !/\d/.test(word) &&
      !taken.some((one) => areConfusable(one, word))
    )
      return word;
  }
  return '';
};
