// Recordings and clips that lie in an object store, through the door of their show.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderStore, type ObjectStore } from '../gateways/object-store.ts';
import { Keeper } from '../keeping/keeper.ts';
import { KeptFiles } from '../keeping/kept-files.ts';
import { applyMessage, emptyRoom } from '../protocol/room.ts';
import { mediaRoutes } from './media-routes.ts';
import { rangeOf } from './remote-files.ts';

let folder: string;
let store: ObjectStore;
let files: KeptFiles;
let app: FastifyInstance;
let isOpen = true;
const hourMs = 3_600_000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rialto-kept-'));
  const local = join(folder, 'local');
  await mkdir(join(local, 's1/clips'), { recursive: true });
  for (const name of ['recording-1.mp4', 'recording-1.jpg', 'recording.json', 'clips/lot-1.mp4'])
    await writeFile(join(local, 's1', name), `${name} 0123456789`);
  await writeFile(join(local, 's1/clips/lot-2.mp4.tmp'), 'half');
  store = folderStore(join(folder, 'store'));
  // An hour later: whoever would still cut or draw from them has done so.
  files = new KeptFiles(local, store, () => Date.now() + hourMs);
  isOpen = true;
  app = Fastify();
  const door = {
    isForEverybody: async () => isOpen,
    admit: async () => {
      if (!isOpen) throw Object.assign(new Error('closed'), { statusCode: 403 });
    },
  };
  const media = { poster: async () => null };
  await app.register(mediaRoutes({ media, recordingsFolder: local, door, files } as never));
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, range?: string) =>
  app.inject({ url: `/media/recordings/${path}`, headers: range ? { range } : {} });

it('[RPL-17] files that are whole move, and are sent as before, also in parts', async () => {
  const before = await get('s1/clips/lot-1.mp4', 'bytes=16-19');
  expect(await files.move(null)).toEqual({ moved: 3, waiting: 0 });
  expect((await readdir(join(folder, 'local/s1'))).sort()).toEqual(['clips', 'recording.json']);
  expect(await readdir(join(folder, 'local/s1/clips'))).toEqual(['lot-2.mp4.tmp']);
  const after = await get('s1/clips/lot-1.mp4', 'bytes=16-19');
  expect([before.statusCode, before.body]).toEqual([206, '0123']);
  expect([after.statusCode, after.body]).toEqual([206, '0123']);
  expect(after.headers['content-range']).toBe('bytes 16-19/26');
  expect((await get('s1/recording-1.mp4')).body).toBe('recording-1.mp4 0123456789');
  expect((await get('s1/recording-1.mp4', 'bytes=999-')).statusCode).toBe(416);
  expect((await get('s1/recording-2.mp4')).statusCode).toBe(404);
});

it('[RPL-17] a recording that was just made stays for the clips of its last minute', async () => {
  const fresh = new KeptFiles(join(folder, 'local'), store, () => Date.now());
  expect(await fresh.move('s1')).toEqual({ moved: 0, waiting: 3 });
  expect(await store.bytesOf('recordings/s1/recording-1.mp4')).toBe(26);
});

it('[RPL-16] a closed show’s files are closed in the store too', async () => {
  await files.move(null);
  isOpen = false;
  expect((await get('s1/recording-1.mp4')).statusCode).toBe(403);
});

it('[RPL-15] what is removed is gone here and there; a recording’s clips stay', async () => {
  await files.move(null);
  await writeFile(join(folder, 'local/s1/recording-1.mp4'), 'again');
  await files.removeRecording('s1');
  expect(await store.list('', 10)).toEqual(['recordings/s1/clips/lot-1.mp4']);
  expect(await readdir(join(folder, 'local/s1'))).toEqual(['clips']);
  await files.removeClip('s1', 'lot-1');
  expect(await store.list('', 10)).toEqual([]);
});

it('one range is understood, anything else is all of it', () => {
  expect(rangeOf('bytes=5-')).toEqual({ from: 5, to: null });
  for (const text of [undefined, 'bytes=-5', 'bytes=9-5', 'bytes=0-1,3-4', 'chars=0-1'])
    expect(rangeOf(text)).toBeNull();
});

it('[RPL-5] a room says why its recording is gone', () => {
  const room = emptyRoom('s1', {} as never);
  const gone = { t: 'recording', seq: 1, recording: null, gone: 'by-the-shop' } as const;
  expect(applyMessage(room, gone, 1)).toMatchObject({
    recording: null,
    recordingGone: 'by-the-shop',
  });
  expect(
    'recordingGone' in applyMessage(room, { t: 'recording', seq: 1, recording: null }, 1),
  ).toBe(false);
});

it('[RPL-13] what was kept long enough goes; clips stay while their product is on sale', async () => {
  const dayMs = 24 * hourMs;
  const asked: number[] = [];
  const gone: string[] = [];
  const clips = [
    { show_id: 's1', clip_id: 'lot-1', productIds: ['vase'] },
    { show_id: 's1', clip_id: 'lot-2', productIds: ['bowl'] },
  ];
  const keeper = new Keeper({
    clock: { nowMs: () => 100 * dayMs, at: () => () => undefined },
    files,
    report: () => undefined,
    shop: {
      rules: async () => ({ recordingDays: 30, clipDays: 60, clipsWhileOnSale: true }),
      recordingsBefore: async (beforeMs) => {
        asked.push(beforeMs);
        return ['s1'];
      },
      clipsBefore: async (beforeMs, { after }) => {
        asked.push(beforeMs);
        return clips.filter(({ clip_id }) => !gone.includes(clip_id)).slice(after);
      },
      onSale: async () => new Set(['vase']),
      dropRecording: async (showId) => void gone.push(showId),
      removeClip: async (_showId, clipId) => void gone.push(clipId),
    },
  });
  expect(await keeper.sweep()).toEqual({ recordings: 1, clips: 1 });
  expect(gone).toEqual(['s1', 'lot-2']);
  expect(asked.slice(0, 2)).toEqual([70 * dayMs, 40 * dayMs]);
});
