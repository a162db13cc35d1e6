// The names that the crowd sees: which may be taken, and when two of them look alike. Mina, MINA,
// Mіna (with a Cyrillic і) and M1na have one key, so nobody can speak in another's name by a letter
// that only a computer tells apart. Who has which name is in the table, not here.

/** Why a name can't be used. */
export type NameProblem =
  | 'name-length'
  | 'name-characters'
  | 'name-mixed-scripts'
  | 'name-reserved'
  | 'name-taken';

const lengthMin = 2;
const lengthMax = 24;

/** Letters of every script with their marks, digits, and what stands between them. */
const allowed = /^[\p{L}\p{M}\p{N} ._'’-]+$/u;
/** Stacked marks that cover the lines above and below. */
const stacked = /\p{M}{3,}/u;
/** Invisible fillers that Unicode counts as letters. */
const invisible = /[\u115f\u1160\u3164\uffa0]/u;
/** Scripts whose letters look like each other's. */
const lookAlikeScripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
];

/**
 * What a letter is read as, at chat size: Cyrillic, Greek and Armenian look-alikes after lower-casing,
 * digits that pass for letters, and strokes that no decomposition takes off.
 */
const readAs: Readonly<Record<string, string>> = {
  a: 'аα',
  b: 'ьβ8',
  c: 'сϲ',
  d: 'ԁđ',
  e: 'еє3ε',
  g: 'ԍց',
  h: 'һհ',
  i: 'іιıl1łӏ|',
  j: 'ј',
  k: 'кκ',
  m: 'м',
  n: 'ոη',
  o: 'оοօ0øσ',
  p: 'рρ',
  q: 'ԛ',
  s: 'ѕ5',
  t: 'тτ',
  u: 'սυ',
  v: 'ѵν',
  w: 'ԝω',
  x: 'хχ',
  y: 'уγ',
};
const twins = new Map(
  Object.entries(readAs).flatMap(([latin, letters]) =>
    [...letters].map((letter) => [letter, latin] as const),
  ),
);

const reserved = new Set(
  [
    'rialto',
    'admin',
    'administrator',
    'owner',
    'host',
    'moderator',
    'mod',
    'support',
    'system',
    'shop',
    'staff',
    'crew',
    'official',
    'guest',
  ].map((word) => nameKey(word)),
);

/** Trimmed, composed, with single spaces: how a name is stored and shown. */
export const tidyName = (text: string): string =>
  text.normalize('NFKC').replace(/\s+/gu, ' ').trim();

/** What is wrong with a tidied name, or null. Crew may bear the words that say who they are. */
export const nameProblem = (name: string, isCrew: boolean): NameProblem | null => {
  const length = [...new Intl.Segmenter().segment(name)].length;
  if (length < lengthMin || length > lengthMax || name.length > 4 * lengthMax) return 'name-length';
  if (!allowed.test(name) || stacked.test(name) || invisible.test(name) || nameKey(name).length < 1)
    return 'name-characters';
  if (lookAlikeScripts.filter((script) => script.test(name)).length > 1)
    return 'name-mixed-scripts';
  if (!isCrew && reserved.has(nameKey(name.replace(/\P{L}+$/u, '')))) return 'name-reserved';
  return null;
};

/** Names with the same key look the same to a person. */
export function nameKey(name: string): string {
  return [
    ...name
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase(),
  ]
    .map((letter) => twins.get(letter) ?? letter)
    .join('')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w');
}
