// Captions of encoders as they come: real pictures with real SEI messages through the real processes, by WebRTC and by
// RTMP, up to the plane's event.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Loop, playLoop } from '../camera/play-loop.ts';
import { smallLoop } from '../camera/small-loop.ts';
import { type ChildPlane, startChildPlane } from '../child-plane.ts';
import { PublisherClient } from '../client/publisher-client.ts';
import { runFfmpeg } from '../ingest/ffmpeg.fixture.ts';
import { Ingest } from '../ingest/ingest.ts';
import type { MediaEvent } from '../media-plane.ts';
import { splitAnnexB } from '../rtp/h264.ts';
import { bottom, captionSei, carriageReturn, letters, rollUp } from './line-21.fixture.ts';

const patience = { timeout: 30_000, interval: 20 };
const startCode = Buffer.from([0, 0, 0, 1]);
const words = ['THIS BOWL WAS', 'FIRED TWICE.'];
let folder: string;
let plane: ChildPlane;
const said: (MediaEvent & { type: 'caption' })[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-captions-'));
  plane = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
  plane.onEvent((event) => {
    if (event.type === 'caption') said.push(event);
  });
}, 120_000);
afterAll(async () => {
  await plane?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two seconds whose pictures say `words`, two letters with each, over and over. */
const captioned = (): Loop => {
  const loop = smallLoop({ seconds: 2 });
  const bytes = [
    ...rollUp,
    ...words.flatMap((row) => [...carriageReturn, ...bottom, ...letters(row)]),
  ];
  const pictures = loop.pictures.map(({ data, key }, at) => {
    const pair = bytes.slice(at * 2, at * 2 + 2);
    const sei = captionSei(pair.length > 0 ? pair : [0, 0]);
    const units = splitAnnexB(data);
    const slice = units.findIndex((unit) => [1, 5].includes((unit[0] ?? 0) & 0x1f));
    units.splice(slice, 0, sei);
    return { key, data: Buffer.concat(units.flatMap((unit) => [startCode, unit])) };
  });
  return { ...loop, pictures };
};
const textsOf = (showId: string) =>
  said.flatMap((event) => (event.showId === showId ? event.text : []));
/** The rows come in turn, from wherever it began, and from where a busy machine lost no picture. */
const inTurn = (showId: string) =>
  vi.waitFor(() => {
    expect(textsOf(showId).join(' / ')).toContain([...words, ...words].join(' / '));
  }, patience);

describe('an encoder whose pictures carry captions', { timeout: 120_000 }, () => {
  test('[CAP-6] is heard while the show is recorded, each row once', async () => {
    const client = await PublisherClient.connect({
      signal: async (offer) => {
        const { answerSdp, sessionId } = await plane.publish('by-webrtc', offer);
        return { answerSdp, leave: async () => void (await plane.leave(sessionId)) };
      },
    });
    await plane.startRecording('by-webrtc');
    const stop = playLoop(client, captioned());
    await inTurn('by-webrtc');
    stop();
    await client.close();
    await plane.stopRecording('by-webrtc');
  });

  test('[CAP-6] with B-frames and wider pictures than are passed on is heard in order all the same', async () => {
    const ingest = new Ingest({
      media: plane,
      port: 0,
      host: '127.0.0.1',
      askKey: async (key) => ({ ok: true, keyId: key, showId: key, takeOver: false }),
      onSession: () => {},
      onNote: () => {},
      onFault: (what, error) => expect.fail(`${what}: ${error}`),
    });
    await ingest.start();
    const source = join(folder, 'captioned.h264');
    const { pictures } = captioned();
    const once = Buffer.concat(pictures.map(({ data }) => data));
    writeFileSync(source, Buffer.concat(Array.from({ length: 60 }, () => once)));
    await plane.startRecording('by-rtmp');
    const encoder = await runFfmpeg([
      ...['-re', '-framerate', '30', '-f', 'h264', '-i', source],
      ...['-vf', 'scale=1344:64', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '30'],
      ...['-bf', '2', '-a53cc', '1', '-f', 'flv', `rtmp://127.0.0.1:${ingest.port}/live/by-rtmp`],
    ]);
    await inTurn('by-rtmp');
    expect(ingest.report('by-rtmp')).toMatchObject({
      video: { remade: true, size: { width: 1344 } },
    });
    await encoder.stop();
    await plane.stopRecording('by-rtmp');
    await ingest.close();
  });
});
