// Pictures that people upload: decoded, turned upright, and encoded anew as WebP in three widths, so
// that no metadata (where a photo was taken) and no foreign bytes reach the crowd. A file is named by
// its content and never changes; files stay when a product drops its picture, as replays and orders
// still show it.

import { createHash } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { Fault } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import { type Refusal, refuse } from '../base/result.ts';

/** A phone's card, a phone's full width, a desk at double density. */
const widthsWanted = [320, 800, 1600] as const;
const webpQuality = 82;

export type ImageFile = {
  readonly fileName: string;
  /** Of the largest form. */
  readonly width: number;
  readonly height: number;
  readonly widths: readonly number[];
};

// Pictures are made while shows run on the same machine: one core for them is enough.
sharp.concurrency(1);
sharp.cache(false);

/** Where a form of a stored picture is served. */
export const imagePath = (fileName: string, width: number): string =>
  `/media/images/${fileName}-${width}.webp`;

/** Names that `imagePath` makes; anything else in a request is no picture. */
export const imageFilePattern = /^[0-9a-f]{32}-\d{1,4}\.webp$/;

export interface ImageStore {
  /** Refuses `image-unreadable` or `request-too-large`; throws `storage-full` when the disk is. */
  store(bytes: Uint8Array): Promise<ImageFile | Refusal>;
  /** The folder that holds the files. */
  readonly folder: string;
}

/** Keeps pictures in `<dataFolder>/media/images`. */
export const imageStore = (dataFolder: string): ImageStore => {
  const folder = join(dataFolder, 'media', 'images');
  return {
    folder,
    async store(bytes) {
      if (bytes.length > limits.imageBytesMax)
        return refuse('request-too-large', { limit: limits.imageBytesMax });
      const picture = await decoded(bytes);
      if (picture === null) return refuse('image-unreadable');
      const fileName = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
      const widths = [...new Set(widthsWanted.map((width) => Math.min(width, picture.width)))];
      await mkdir(folder, { recursive: true });
      let height = picture.height;
      for (const width of widths) {
        const made = await encoded(picture.image, width);
        if (made === null) return refuse('image-unreadable');
        await write(join(folder, `${fileName}-${width}.webp`), made.data);
        height = made.height;
      }
      return { fileName, width: widths.at(-1) ?? picture.width, height, widths };
    },
  };
};

const formats = new Set(['png', 'jpeg', 'webp', 'heif', 'avif']);

const decoded = async (bytes: Uint8Array) => {
  try {
    const image = sharp(bytes, {
      limitInputPixels: limits.imagePixelsMax,
      failOn: 'error',
      pages: 1,
    });
    const { format, width, height, orientation = 1, compression } = await image.metadata();
    if (!formats.has(format) || (format === 'heif' && compression !== 'av1')) return null;
    // Orientations 5 to 8 lie on their side.
    return orientation >= 5 ? { image, width: height, height: width } : { image, width, height };
  } catch {
    return null;
  }
};

const encoded = async (image: Sharp, width: number) => {
  try {
    const { data, info } = await image
      .clone()
      .rotate()
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: webpQuality })
      .toBuffer({ resolveWithObject: true });
    return { data, height: info.height };
  } catch {
    return null;
  }
};

/** Whole or not at all: a picture cut off by a crash would be served for ever. */
const write = async (path: string, data: Uint8Array): Promise<void> => {
  if (
    await stat(path).then(
      () => true,
      () => false,
    )
  )
    return;
  try {
    const part = `${path}.${process.pid}.part`;
    await writeFile(part, data);
    await rename(part, path);
  } catch (cause) {
    const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new Fault(
      isFull ? 'storage-full' : 'storage-unavailable',
      `could not write the picture ${path}`,
      { cause },
    );
  }
};
