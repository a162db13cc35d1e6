// Who is in the simulated crowd: a named cast that the demo, the stories and the pictures share, and as
// many others as are wanted. What they say is in lines.ts. All of them are invented.

import type { Chance } from './chance.ts';

export type Language = 'en' | 'it' | 'de' | 'fr' | 'es' | 'pl' | 'cs' | 'nl' | 'ar' | 'pt';

/** How one is: all from 0 (never) to 1 (at every occasion). */
export type Temper = {
  readonly talks: number;
  readonly asks: number;
  readonly cheers: number;
  readonly buys: number;
  /** Of what they claim they pay so much; the rest runs out. */
  readonly pays: number;
  /** How shaky their line is. */
  readonly drops: number;
};

export type Character = {
  readonly name: string;
  readonly language: Language;
  readonly temper: Temper;
};

const temper = (
  talks: number,
  asks: number,
  cheers: number,
  buys: number,
  pays: number,
  drops: number,
): Temper => ({
  talks,
  asks,
  cheers,
  buys,
  pays,
  drops,
});

const cast: readonly Character[] = [
  // The regular who started the shout.
  { name: 'ines_w', language: 'de', temper: temper(0.9, 0.2, 1, 0.6, 1, 0.1) },
  // Looks at glazes and says what he sees.
  { name: 'tomasz', language: 'pl', temper: temper(0.7, 0.4, 0.4, 0.4, 0.9, 0.2) },
  // Here for the first time and not shy about it.
  { name: 'jo.m', language: 'en', temper: temper(0.6, 1, 0.6, 0.3, 0.6, 0.3) },
  // Buys, comes back, explains the shop to others.
  { name: 'halima', language: 'en', temper: temper(0.8, 0.1, 0.6, 0.8, 1, 0.1) },
  // Always wants it in another colour.
  { name: 'petr_k', language: 'cs', temper: temper(0.6, 0.7, 0.3, 0.2, 0.5, 0.2) },
  // Tells how her last parcel came.
  { name: 'anouk', language: 'fr', temper: temper(0.6, 0.3, 0.7, 0.5, 0.9, 0.2) },
];

const firstNames: readonly (readonly [string, Language])[] = [
  ['Lucía', 'es'],
  ['marek', 'pl'],
  ['Bea', 'en'],
  ['giulia_b', 'it'],
  ['Noor', 'nl'],
  ['yusuf', 'ar'],
  ['Clémence', 'fr'],
  ['rafa', 'pt'],
  ['Hanne', 'de'],
  ['Ivo', 'cs'],
  ['maeve', 'en'],
  ['Teo', 'it'],
  ['sanne.v', 'nl'],
  ['Amira', 'ar'],
  ['paulo', 'pt'],
  ['Greta', 'de'],
  ['zuzana', 'cs'],
  ['Kofi', 'en'],
  ['inès', 'fr'],
  ['Dario', 'it'],
  ['wiktoria', 'pl'],
  ['Maite', 'es'],
  ['lars', 'de'],
  ['Priya', 'en'],
  ['elif', 'en'],
  ['Bram', 'nl'],
  ['sofía', 'es'],
  ['Jakub', 'pl'],
  ['leyla', 'ar'],
  ['Nuno', 'pt'],
  ['Freya', 'en'],
  ['matteo', 'it'],
  ['Aurélie', 'fr'],
  ['jonas', 'de'],
  ['Olga', 'pl'],
  ['Sami', 'ar'],
];

/** `count` people, the named cast first. The same chance gives the same crowd. */
export const crowdOf = (count: number, chance: Chance): readonly Character[] =>
  Array.from({ length: count }, (_, index) => {
    const named = cast[index];
    if (named) return named;
    const place = index - cast.length;
    const [name, language] = firstNames[place % firstNames.length]!;
    const round = Math.floor(place / firstNames.length);
    return {
      name: round === 0 ? name : `${name} ${round + 1}`,
      // Many write English in an English show, whatever they speak at home.
      language: chance.happens(0.4) ? 'en' : language,
      temper: temper(
        chance.between(0.05, 0.7),
        chance.between(0, 0.6),
        chance.between(0.1, 0.9),
        chance.between(0, 0.6),
        chance.between(0.5, 1),
        chance.between(0, 0.6),
      ),
    };
  });
