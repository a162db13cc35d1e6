// What stands before camera and microphone in the story of the check before a show: the person on film in 720 lines,
// and the same in the dark; a voice with pauses, and the same from far away. Made once and kept in artefacts/.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { loudnessOf } from '../src/domain/preflight/loudness.ts';
import { type Sound, spoken, wavOf } from '../src/domain/testing/voice.ts';
import { debianProgram } from '../tools/debian-program.ts';
import { type Film, film } from './film.ts';

const folder = join(import.meta.dirname, '../artefacts/e2e');
const size = { width: 960, height: 720 } as const;
/** So much of the light is left in the dark. */
const darkShare = 0.12;
const loudLufs = -20;
/** Far below what a browser's own gain brings back: it was seen to add 35 dB. */
const farLufs = -84;

/** The files of a well lit host who is heard, or of one in the dark who isn't; made if they aren't there. */
export const preflightFilm = async (kind: 'good' | 'poor'): Promise<Film> => {
  mkdirSync(folder, { recursive: true });
  await debianProgram('espeak-ng');
  const y4m = join(folder, `preflight-${kind}.y4m`);
  const wav = join(folder, `preflight-${kind}.wav`);
  if (!existsSync(y4m)) writeWhole(y4m, await filmed(kind === 'good' ? 1 : darkShare));
  if (!existsSync(wav)) writeWhole(wav, wavOf(talk(kind === 'good' ? loudLufs : farLufs)));
  return { y4m, wav };
};

const writeWhole = (path: string, content: Buffer): void => {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
};

/** Sentences with a second of a quiet room between: wherever one begins to listen there is both. */
const talk = (lufs: number): Sound => {
  const sentences = ['Good evening and welcome.', 'Tonight I show you three bowls.'].map(spoken);
  const sampleRate = sentences[0]?.sampleRate ?? 22_050;
  const gain =
    10 ** ((lufs - loudnessOf(sentences[0]?.samples ?? new Float32Array(0), sampleRate)) / 20);
  const pause = new Float32Array(sampleRate);
  const parts = sentences.flatMap(({ samples }) => [samples.map((one) => one * gain), pause]);
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  // The last bit of a quiet room: pure digital silence is no microphone.
  return { sampleRate, samples: samples.map((one, index) => one + (index % 7) * 1e-5 - 3e-5) };
};

/** The film in 720 lines at 30 pictures a second, with `share` of its light. */
const filmed = async (share: number): Promise<Buffer> => {
  const source = readFileSync((await film()).y4m);
  const headEnd = source.indexOf('\n') + 1;
  const head = source.toString('latin1', 0, headEnd);
  const [width = 0, height = 0] = [/ W(\d+)/, / H(\d+)/].map((part) =>
    Number(part.exec(head)?.[1]),
  );
  const frameBytes = 'FRAME\n'.length + (width * height * 3) / 2;
  const parts: Buffer[] = [
    Buffer.from(`YUV4MPEG2 W${size.width} H${size.height} F30:1 Ip A1:1 C420jpeg\n`),
  ];
  for (let at = headEnd; at + frameBytes <= source.length; at += frameBytes) {
    const frame: Buffer[] = [Buffer.from('FRAME\n')];
    let from = at + 'FRAME\n'.length;
    for (const part of [1, 2, 2]) {
      const [columns, rows] = [width / part, height / part];
      const plane = source.subarray(from, from + columns * rows);
      from += plane.length;
      const scaled = await sharp(plane, { raw: { width: columns, height: rows, channels: 1 } })
        .resize(size.width / part, size.height / part, { fit: 'fill' })
        .toColourspace('b-w')
        .raw()
        .toBuffer();
      frame.push(
        part === 1 ? Buffer.from(scaled.map((value) => Math.round(value * share))) : scaled,
      );
    }
    // The film has 15 pictures a second, the camera 30: each is shown twice.
    parts.push(...frame, ...frame);
  }
  return Buffer.concat(parts);
};
