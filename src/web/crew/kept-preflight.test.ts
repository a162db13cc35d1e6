import { describe, expect, it } from 'vitest';
import { findingCodes } from '../../domain/preflight/finding.ts';
import type { KeptPreflight } from '../../protocol/preflight.ts';
import { agoText, checkedText, keptHere, stalenessOf } from './kept-preflight.ts';
import { findingWords, verdictWords } from './preflight-words.ts';

const atMs = 1_000_000_000;
const minute = 60_000;
const kept: KeptPreflight = {
  personId: 'p1',
  name: 'Mina',
  atMs,
  browser: 'b1',
  microphone: { device: 'Desk microphone', trouble: 'busy' },
  camera: { device: 'Desk camera', trouble: 'busy' },
  line: null,
  findings: { microphone: [], camera: [], line: [], shop: [] },
  verdict: 'green',
};
const here = { browser: 'b1', camera: 'Desk camera', microphone: 'Desk microphone' };

describe('a check that was kept', () => {
  it('[PRE-15] counts on the same browser with the same devices for two hours', () => {
    expect(stalenessOf(kept, here, atMs + 119 * minute)).toBeNull();
    expect(stalenessOf(kept, { ...here, camera: null, microphone: null }, atMs)).toBeNull();
    expect(stalenessOf(kept, here, atMs + 121 * minute)).toBe('old');
  });

  it.each([
    [{ browser: 'b2' }, 'other-device'],
    [{ camera: 'Phone' }, 'other-camera'],
    [{ microphone: 'Phone' }, 'other-microphone'],
  ] as const)('[PRE-15] with %j says nothing any more', (change, why) => {
    expect(stalenessOf(kept, { ...here, ...change }, atMs)).toBe(why);
  });

  it('[PRE-15] of a camera that wasn’t checked doesn’t age by another camera', () => {
    expect(stalenessOf({ ...kept, camera: null }, { ...here, camera: 'Phone' }, atMs)).toBeNull();
  });

  it('[PRE-15] is told with its age and where it was', () => {
    expect(checkedText(kept, here, atMs + 12 * minute)).toBe(
      'Checked 12 minutes ago, on this device',
    );
    expect(checkedText(kept, { ...here, camera: 'Phone' }, atMs + minute)).toBe(
      'Checked 1 minute ago, with another camera',
    );
    expect([0, 61 * minute, 49 * 60 * minute].map(agoText)).toEqual([
      'just now',
      '1 hour ago',
      '2 days ago',
    ]);
  });

  it('[PRE-15] of this browser comes before a newer one of another', () => {
    const newer = { ...kept, browser: 'b2', atMs: atMs + minute };
    expect(keptHere([newer, kept], 'b1')).toBe(kept);
    expect(keptHere([newer, kept], 'b3')).toBe(newer);
    expect(keptHere([], 'b1')).toBeNull();
  });
});

describe('the words', () => {
  it('[PRE-1] have a cure for everything that isn’t good, and for nothing that is', () => {
    for (const [topic, codes] of Object.entries(findingCodes)) {
      for (const [index, code] of codes.entries()) {
        const { what, cure } = findingWords({ topic, code, grade: 'red', value: null });
        expect(what).not.toBe('');
        // Troubles of devices and of the connection have no good state.
        const isGood = index === 0 && topic !== 'device' && topic !== 'connection';
        expect(cure === null, code).toBe(isGood);
      }
    }
  });

  it('[PRE-1] count what there is to mend, the worst first', () => {
    expect(verdictWords([{ grade: 'green' }])).toBe('Ready to go live');
    expect(verdictWords([{ grade: 'amber' }])).toBe('Ready, with one thing to do better');
    expect(verdictWords([{ grade: 'amber' }, { grade: 'red' }, { grade: 'red' }])).toBe(
      '2 things to mend first',
    );
  });

  it('name the products', () => {
    const names = ['Bowl', 'Cup'];
    const finding = { topic: 'stock', code: 'stock-out', grade: 'amber', value: 2, names } as const;
    expect(findingWords(finding).what).toBe('Sold out: Bowl, Cup.');
  });
});
