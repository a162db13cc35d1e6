// The proof of a drop and its recount, over a whole evening: what the server gathers is what the page believes,
// and nothing that was changed on the way is.

import { describe, expect, it } from 'vitest';
import type { StreamId } from '../../base/brand.ts';
import type { ShowEvent } from '../../domain/show/show.ts';
import { DropRun, dropId, dropTerms, enter } from '../../domain/testing/drop-cast.ts';
import { mina, person } from '../../domain/testing/given.ts';
import { hold } from '../../domain/testing/show-cast.ts';
import { MemoryLog } from '../../log/memory-log.ts';
import type { DropProof } from '../../protocol/drops.ts';
import { dropProof } from '../../receipts/drop-proof.ts';
import { publishedPages } from '../../receipts/published-log.ts';
import { recounted, rowsOf } from './recounted.ts';

const stream = 'show-x' as StreamId;

const proofOf = async (events: readonly ShowEvent[], id: string = dropId) => {
  const log = new MemoryLog({ key: 'key', newSalt: () => '0f'.repeat(16) });
  const { epoch, headHash } = await log.take(stream, 'a');
  const { version } = await log.append({
    stream,
    epoch,
    expectedVersion: 0,
    headHash,
    commands: events.map((event, nth) => ({
      commandId: `c${nth}` as never,
      bodyHash: `${nth}`,
      atMs: nth,
      by: null,
      events: [event as never],
    })),
  });
  return dropProof('x', id, publishedPages(log, stream, version));
};

const run = () => {
  const run = new DropRun();
  run.announce();
  for (let n = 1; n <= 6; n += 1) run.send(enter({ words: `w${n}` }), person(`p${n}`));
  run.send({ kind: 'LeaveDrop', dropId }, person('p6'));
  return run;
};
const opened = () => {
  const open = run();
  open.send({ kind: 'OpenDrop', dropId }, mina);
  const [first] = [...open.show.sale.holds.keys()];
  open.send({ kind: 'SettleHold', holdId: first!, orderId: 'o' as never }, { kind: 'system' });
  open.until(open.nowMs + dropTerms.holdMs);
  return open;
};
const eventsOf = (one: DropRun) => one.events.map(({ event }) => event);

describe('the proof of a drop', () => {
  it('[DRO-9] before the opening: commitments and entries, and no seed', async () => {
    const proof = await proofOf(eventsOf(run()));
    expect(proof).toMatchObject({ phase: 'announced', stages: [], served: [] });
    expect(proof?.entries.map(({ entry, words }) => [entry, words])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => [n, `w${n}`]),
    );
    expect(JSON.stringify(proof)).not.toContain('seed of stage 0');
    expect(recounted(proof!)).toEqual({ why: null, served: 0 });
  });

  it('[DRO-9] after it: seeds, order, winners and what became of their units; nobody’s name', async () => {
    const open = opened();
    const proof = (await proofOf(eventsOf(open)))!;
    expect(proof.phase).toBe('open');
    expect(proof.stages).toMatchObject([{ stage: 0, tier: null, seed: 'seed of stage 0' }]);
    expect(proof.served.map(({ outcome }) => outcome)).toEqual(['taken', 'passed-on', 'held']);
    expect(proof.served.map(({ entry }) => entry)).toEqual(proof.order['vase-lagoon']?.slice(0, 3));
    expect(proof.order['vase-lagoon']).not.toContain(6);
    expect(JSON.stringify(proof)).not.toMatch(/"p\d"/);
    expect(recounted(proof)).toEqual({ why: null, served: 3 });
    expect(rowsOf(proof, 'vase-lagoon').map(({ place, outcome }) => [place, outcome])).toEqual([
      [1, 'took it'],
      [2, 'passed it on'],
      [3, 'has it in the cart'],
      [4, 'waits'],
      [5, 'waits'],
    ]);
    expect(open.show.sale.holds.has(hold(`${dropId}-${proof.served[2]?.entry}`))).toBe(true);
  });

  it('says how it ended', async () => {
    const cancelled = opened();
    cancelled.send({ kind: 'CancelDrop', dropId, reason: 'why' }, mina);
    const proof = (await proofOf(eventsOf(cancelled)))!;
    expect(proof.phase).toBe('cancelled');
    expect(rowsOf(proof, 'vase-lagoon').at(-1)?.outcome).toBe('got none');
    expect(await proofOf(eventsOf(cancelled), 'another')).toBeNull();
  });

  it('[DRO-9] the page finds what the shop changed', async () => {
    const proof = (await proofOf(eventsOf(opened())))!;
    const [first, second, ...rest] = proof.served;
    const changes: [Partial<DropProof>, RegExp][] = [
      [
        {
          served: [
            { ...first!, entry: second!.entry },
            { ...second!, entry: first!.entry },
            ...rest,
          ],
        },
        /is the turn of entry/,
      ],
      [{ stages: [{ ...proof.stages[0]!, seed: 'other' }] }, /committed to/],
      [{ entries: proof.entries.map((one) => ({ ...one, words: 'same' })) }, /is the turn of/],
      [{ entries: proof.entries.filter(({ entry }) => entry !== 3) }, /where 3 should come/],
      [{ order: {} }, /the order that the shop names is another/],
      [{ stages: [] }, /nobody’s turn it is/],
    ];
    for (const [change, why] of changes)
      expect(recounted({ ...proof, ...change }).why).toMatch(why);
  });
});
