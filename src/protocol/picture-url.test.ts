import { expect, test } from 'vitest';
import { pictureUrl, uprightUrl } from './picture-url.ts';

const name = '0123456789abcdef0123456789abcdef';

test('a stored picture is asked for no wider than it is shown', () => {
  const stored = `/media/images/${name}-1600.webp`;
  expect(pictureUrl(stored, 320)).toBe(`/media/images/${name}-320.webp`);
  expect(pictureUrl(`https://shop.example${stored}`, 800)).toBe(
    `https://shop.example/media/images/${name}-800.webp`,
  );
});

test('a picture that is smaller, or stands elsewhere, stays what it is', () => {
  const small = `/media/images/${name}-200.webp`;
  expect(pictureUrl(small, 320)).toBe(small);
  expect(pictureUrl('https://cdn.example/vase-1600.webp', 320)).toBe(
    'https://cdn.example/vase-1600.webp',
  );
});

test('only a camera’s poster has an upright cut', () => {
  expect(uprightUrl('/media/posters/kiln.jpg')).toBe('/media/posters/kiln.upright.jpg');
  expect(uprightUrl('/media/recordings/kiln/recording-1.jpg')).toBeNull();
  expect(uprightUrl(`/media/images/${name}-800.webp`)).toBeNull();
});
