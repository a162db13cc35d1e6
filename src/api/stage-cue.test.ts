import { expect, test } from 'vitest';
import type { Stamp } from '../domain/decider.ts';
import { decideCaption, noCaptions } from '../domain/room/captions.ts';
import { commandOfCue } from './stage-cue.ts';

test('[CAP-1] [CAP-6] what the encoder’s captions say is taken by the show, in a language that nobody knows', () => {
  const command = commandOfCue({ cue: 'caption', text: 'GOOD EVENING.', spokenMs: 900 });
  const stamp = { atMs: 1_000, by: { kind: 'system' } } as Stamp;
  if (command.kind !== 'SayCaption') throw new Error('a caption is something else');
  expect(decideCaption(noCaptions(), command, stamp)).toEqual([
    {
      kind: 'CaptionSaid',
      data: { source: 'encoder', language: 'und', spokenMs: 900 },
      personal: { text: 'GOOD EVENING.' },
    },
  ]);
});

test('a picture that comes and goes is told as before', () => {
  expect(commandOfCue({ cue: 'picture-on' })).toEqual({ kind: 'PictureOn' });
  expect(commandOfCue({ cue: 'picture-lost' })).toEqual({ kind: 'PictureLost' });
});
