// Which files of pictures the shop takes in, asked before one is sent.

import { limits } from '../../base/limits.ts';

const kinds = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];

/** For a file input's `accept`. */
export const pictureKinds = kinds.join(',');

/** Why a file can't be taken, in words; null when it can. */
export const wrongPicture = (file: Pick<File, 'name' | 'type' | 'size'>): string | null =>
  kinds.includes(file.type) && file.size <= limits.imageBytesMax
    ? null
    : `${file.name} can’t be taken: a PNG, JPEG, WebP or AVIF of at most ${limits.imageBytesMax / 1_048_576} MB, please.`;
