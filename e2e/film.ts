// What the host's browser has in front of its camera and microphone: a real person on film (the shared
// test footage) as Y4M, and a hum made here as WAV. Made once and kept in artefacts/. Decoding happens in a
// process of its own, as everything with that decoder does: this file is that process too.

import { execFile } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'artefacts/e2e');
const footage = join(root, '../shared/data/video/host-signing.mkv');
/** Every second frame of 30 a second: half the work for the host's encoder, and still a moving person. */
const framesPerSecond = 15;
const sampleRate = 48_000;

export type Film = { readonly y4m: string; readonly wav: string };

/** The two files; made if they aren't there. */
export const film = async (): Promise<Film> => {
  const y4m = join(folder, 'host.y4m');
  const wav = join(folder, 'host.wav');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(y4m)) {
    await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), y4m]);
  }
  if (!existsSync(wav)) writeWhole(wav, hum());
  return { y4m, wav };
};

/** Two seconds of a voice-like hum that swells, 16 bits, one channel; the browser repeats it. */
const hum = (): Buffer => {
  const samples = sampleRate * 2;
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let index = 0; index < samples; index++) {
    const time = index / sampleRate;
    const swell = 0.5 - 0.5 * Math.cos(2 * Math.PI * time);
    const voice = Math.sin(2 * Math.PI * 160 * time) + 0.4 * Math.sin(2 * Math.PI * 320 * time);
    file.writeInt16LE(Math.round(voice * swell * 8_000), 44 + index * 2);
  }
  return file;
};

const writeWhole = (path: string, content: Buffer): void => {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
};

/** Decodes the footage into `path`. */
const develop = async (path: string): Promise<void> => {
  const {
    AVMEDIA_TYPE_VIDEO,
    AV_PIX_FMT_YUV420P,
    AV_PIX_FMT_YUVJ420P,
    Codec,
    CodecContext,
    FormatContext,
    Frame,
    Packet,
  } = await import('node-av');
  const input = new FormatContext();
  const opened = await input.openInput(footage);
  if (opened < 0 || (await input.findStreamInfo()) < 0) throw new Error(`can't open ${footage}`);
  const stream = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO);
  const codec = stream && Codec.findDecoder(stream.codecpar.codecId);
  if (!stream || !codec) throw new Error(`no picture in ${footage}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(stream.codecpar);
  if (context.open2Sync(codec) < 0) throw new Error('no decoder');
  const packet = new Packet();
  packet.alloc();
  const frame = new Frame();
  frame.alloc();
  const file = openSync(`${path}.new`, 'w');
  let decoded = 0;
  let written = 0;
  for (let atEnd = false; !atEnd; ) {
    atEnd = (await input.readFrame(packet)) < 0;
    context.sendPacketSync(atEnd ? null : packet);
    packet.unref();
    while (context.receiveFrameSync(frame) >= 0) {
      if (frame.format !== AV_PIX_FMT_YUV420P && frame.format !== AV_PIX_FMT_YUVJ420P) {
        throw new Error(`pixels of format ${frame.format}`);
      }
      const { width, height } = frame;
      if (written === 0) {
        writeSync(file, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
      }
      if (decoded++ % 2 === 0) {
        writeSync(file, 'FRAME\n');
        for (const [plane, part] of [1, 2, 2].entries()) {
          const data = frame.data?.[plane];
          const stride = frame.linesize[plane];
          if (!data || stride === undefined) throw new Error('a frame without its planes');
          const columns = width / part;
          for (let row = 0; row < height / part; row++) {
            writeSync(file, data, row * stride, columns);
          }
        }
        written++;
      }
      frame.unref();
    }
  }
  closeSync(file);
  frame.free();
  packet.free();
  context.freeContext();
  await input.closeInput();
  renameSync(`${path}.new`, path);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await develop(process.argv[2] ?? '');
