// The picture of `bench/rtmp.ts`: made once by ffmpeg, then sent without being encoded again, so that what is measured is
// the way and not an encoder. As a file for ffmpeg, and as access units for a publisher of our own.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitAnnexB } from '../../src/media/rtp/h264.ts';

export const picturesPerSecond = 30;

/** 720p at 2.5 Mbit/s with a key frame each two seconds and AAC, as OBS sends it. */
export const makeClip = (folder: string, seconds: number, bFrames: number): string => {
  const path = join(folder, `clip-${bFrames}.flv`);
  ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc2=size=1280x720:rate=${picturesPerSecond}`],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', String(seconds)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', String(bFrames)],
    ...['-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '2500k'],
    ...['-g', String(picturesPerSecond * 2), '-sc_threshold', '0', '-c:a', 'aac', path],
  );
  return path;
};

const DELIMITER = 9;
const startCode = Buffer.from([0, 0, 0, 1]);

/** The clip's pictures in Annex B form, each whole, in the order of sending. */
export const accessUnits = (clip: string): Buffer[] => {
  const path = `${clip}.h264`;
  ffmpeg('-i', clip, '-an', '-c:v', 'copy', '-bsf:v', 'h264_metadata=aud=insert', path);
  const units: Buffer[][] = [];
  for (const unit of splitAnnexB(readFileSync(path))) {
    if ((unit[0]! & 0x1f) === DELIMITER) units.push([]);
    else units.at(-1)?.push(startCode, unit);
  }
  return units.map((parts) => Buffer.concat(parts));
};

function ffmpeg(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-loglevel', 'error', '-y', ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`ffmpeg can't make the clip: ${stderr}`);
}
