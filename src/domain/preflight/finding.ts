// What a check before a show says: findings with a grade each, made from measured values by pure functions. The
// words and cures that a host reads stand in `src/web/crew/preflight-words.ts`, one for each of these codes.
// Rules: docs/rules/preflight.md.

/** Green: as it should be. Amber: the crowd will notice. Red: the crowd will leave, or can't buy. */
export type Grade = 'green' | 'amber' | 'red';

/** The four checks; each can be run again alone. */
export const checkNames = ['microphone', 'camera', 'line', 'shop'] as const;
export type CheckName = (typeof checkNames)[number];

/** Every finding, by what is looked at: the first is the good one. */
export const findingCodes = {
  level: ['level-good', 'level-low', 'level-very-low', 'level-high', 'no-sound'],
  clipping: ['clipping-none', 'clipping-some', 'clipping-much'],
  noise: ['noise-low', 'noise-heard', 'noise-loud'],
  clearness: ['voice-clear', 'voice-masked', 'voice-drowned'],
  echo: ['echo-none', 'echo-some', 'echo-much'],
  captions: ['captions-heard', 'captions-typed'],
  exposure: ['exposure-good', 'dark', 'very-dark', 'burnt', 'very-burnt'],
  backlight: ['backlight-none', 'backlight-some', 'backlight-strong'],
  sharpness: ['sharp', 'soft', 'blurred', 'nothing-to-focus'],
  size: ['size-good', 'size-small', 'size-tiny'],
  frames: ['frames-good', 'frames-low', 'frames-very-low'],
  upload: ['upload-good', 'upload-low', 'upload-very-low', 'upload-held'],
  delay: ['delay-short', 'delay-long', 'delay-very-long'],
  jitter: ['jitter-low', 'jitter-some', 'jitter-much'],
  loss: ['loss-none', 'loss-some', 'loss-much'],
  device: ['device-denied', 'device-missing', 'device-busy', 'device-insecure', 'device-failed'],
  connection: ['line-failed'],
  shelf: ['shelf-filled', 'shelf-empty'],
  stock: ['stock-enough', 'stock-out', 'stock-short'],
  prices: ['prices-set', 'price-missing'],
  reference: ['references-fit', 'reference-lower'],
  shipping: ['shipping-set', 'shipping-free'],
  disclosure: ['disclosure-told', 'disclosure-none', 'disclosure-missing'],
  moderators: ['moderators-there', 'moderators-none'],
} as const;
export type FindingTopic = keyof typeof findingCodes;
export type FindingCode = (typeof findingCodes)[FindingTopic][number];

export type Finding = {
  readonly topic: FindingTopic;
  readonly code: FindingCode;
  readonly grade: Grade;
  /** The measured value in the unit of its topic; null where nothing is measured. */
  readonly value: number | null;
  /** What it is about, in the shop's own words: a few product titles. */
  readonly names?: readonly string[];
};

/** The worst grade of some; of none it is green. */
export const worstOf = (grades: Iterable<Grade>): Grade => {
  let worst: Grade = 'green';
  for (const grade of grades) {
    if (grade === 'red') return 'red';
    if (grade === 'amber') worst = 'amber';
  }
  return worst;
};

/** A row of a table of bounds: this code from this value on. Rows stand from the worst to the good one. */
export type Bound = readonly [from: number, code: FindingCode, grade: Grade];

/** The first row whose bound the value reaches; the last row is the good one and takes all the rest. */
export const byBounds = (topic: FindingTopic, bounds: readonly Bound[], value: number): Finding => {
  const row = bounds.find(([from]) => value >= from) ?? bounds.at(-1);
  if (!row) throw new Error(`no bounds for ${topic}`);
  return { topic, code: row[1], grade: row[2], value };
};
