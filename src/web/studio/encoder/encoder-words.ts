// Figures of an encoder in words.

import type { EncoderReport } from '../../../protocol/encoder.ts';
import { rateWords } from '../health/health-words.ts';

/** `1280 × 720 · 30 pictures a second · 2.4 Mbit/s`, as far as it is known. */
export const pictureWords = ({ video }: EncoderReport): string =>
  video === null
    ? 'No picture'
    : [
        video.size && `${video.size.width} × ${video.size.height}`,
        video.framesPerSecond === null
          ? ''
          : `${Math.round(video.framesPerSecond)} pictures a second`,
        rateWords(video.bitsPerSecond),
      ]
        .filter(Boolean)
        .join(' · ');

/** `H.264 High 4.0 · key frame every 2 s`. */
export const codecWords = ({ video }: EncoderReport): string =>
  video === null
    ? ''
    : [
        [video.codec, video.profile, video.level].filter(Boolean).join(' '),
        video.keyIntervalMs === null
          ? ''
          : `key frame every ${Number((video.keyIntervalMs / 1000).toFixed(1))} s`,
        video.remade ? 'encoded again here' : '',
      ]
        .filter(Boolean)
        .join(' · ');

/** `AAC · 44.1 kHz · stereo · 128 kbit/s`. */
export const soundWords = ({ audio }: EncoderReport): string =>
  audio === null
    ? 'No sound'
    : [
        audio.codec,
        `${audio.sampleRate / 1000} kHz`,
        audio.channels === 1
          ? 'mono'
          : audio.channels === 2
            ? 'stereo'
            : `${audio.channels} channels`,
        rateWords(audio.bitsPerSecond),
      ]
        .filter(Boolean)
        .join(' · ');
