// Captions from the crew's door into the log, and out of it into a replay's file.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PersonId, type ShowId, showStream } from '../base/brand.ts';
import { systemClock, systemRandom } from '../base/ports.ts';
import type { Actor } from '../domain/decider.ts';
import { showDecider } from '../domain/show/show.ts';
import type { Command } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { readStream } from '../log/event-log.ts';
import { MemoryLog } from '../log/memory-log.ts';
import type { You } from '../protocol/socket.ts';
import { replayOf } from '../publish/replay.ts';
import { captionRoutes } from './caption-routes.ts';
import { type TestServer, testServer } from './test-server.fixture.ts';

const showId = 's1' as ShowId;
const owner: Actor = { kind: 'person', id: 'mina' as PersonId, name: 'Mina', role: 'owner' };
const log = new MemoryLog();
const engine = createEngine({ log, clock: systemClock, node: 'one', deciders: [showDecider] });
let app: TestServer;

const send = (command: Command) =>
  engine.send(showStream(showId), command, { commandId: systemRandom.id() as never, by: owner });

beforeAll(async () => {
  const people: Readonly<Record<string, You>> = {
    mina: { personId: 'mina', name: 'Mina', role: 'owner', guest: false },
    ines: { personId: 'ines', name: 'ines_w', role: 'shopper', guest: true },
  };
  app = await testServer(people);
  await app.register(
    captionRoutes({
      engine,
      random: systemRandom,
      desk: { replay: (show) => replayOf(show, readStream(log, showStream(show))) },
      door: { admit: async () => {} },
    }),
  );
  const plan = {
    title: 'Silver',
    showKind: 'demonstration',
    startsAtMs: 0,
    hostId: 'mina' as PersonId,
    hostName: 'Mina',
    shopName: 'Laguna',
    disclosure: 'own-brand',
    isDemo: false,
  } as const;
  await send({ kind: 'PlanShow', plan });
  await send({ kind: 'GoLive' });
});
afterAll(async () => {
  await app.close();
  await engine.stop();
});

const says = async (who: string, payload: object) => {
  const answer = await app.inject({
    method: 'POST',
    url: `/api/shows/${showId}/captions`,
    headers: { cookie: `who=${who}` },
    payload,
  });
  return { status: answer.statusCode, code: answer.json().code as string | undefined };
};
const file = () => app.inject({ url: `/api/shows/${showId}/captions.vtt` });
const line = { text: 'This is silver <by> hand.', source: 'typed', language: 'en' };

test('[CAP-1] only the crew writes captions down', async () => {
  expect(await says('mina', line)).toEqual({ status: 200, code: undefined });
  expect(await says('ines', line)).toMatchObject({ code: 'not-allowed' });
  expect(await says('', line)).toMatchObject({ code: 'sign-in-needed' });
});

test('[CAP-2] what can’t be a caption is refused with its code', async () => {
  for (const wrong of [
    { text: '' },
    { text: 'x'.repeat(301) },
    { source: 'encoder' },
    { spokenMs: -1 },
  ])
    expect(await says('mina', { ...line, ...wrong })).toMatchObject({ code: 'request-invalid' });
  expect(await says('mina', { ...line, language: 'klingon!' })).toMatchObject({
    code: 'caption-invalid',
  });
});

test('[CAP-5] a replay has its captions as WebVTT, from its end on', async () => {
  expect((await file()).json().code).toBe('show-not-ended');
  await send({ kind: 'EndShow' });
  const { headers, body } = await file();
  expect(headers['content-type']).toContain('text/vtt');
  expect(body).toMatch(/^WEBVTT\n\n00:00:0\d\.\d{3} --> .*\nThis is silver &lt;by&gt; hand\.\n$/);
});

test('[CAP-3] the published log has no word of it', async () => {
  const events = await log.readPublished(showStream(showId), 1, 100);
  expect(events.map(({ kind }) => kind)).toContain('CaptionSaid');
  expect(JSON.stringify(events)).not.toContain('silver');
});
