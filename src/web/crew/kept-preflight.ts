// Whether the last check before a show still says something about this browser: how old it is, whether it was here,
// and whether the devices are the same. Pure; the words for it are here too.

import type { KeptPreflight } from '../../protocol/preflight.ts';

/** After so long light, noise and line are others. */
const goodMs = 2 * 3_600_000;

export type DevicesNow = {
  readonly browser: string;
  /** Null while it isn't known which one is chosen. */
  readonly camera: string | null;
  readonly microphone: string | null;
};

export type Staleness = 'other-device' | 'other-camera' | 'other-microphone' | 'old';

/** Why a check says nothing any more; null while it does. */
export const stalenessOf = (
  kept: KeptPreflight,
  now: DevicesNow,
  nowMs: number,
): Staleness | null => {
  if (kept.browser !== now.browser) return 'other-device';
  const changed = (checked: { readonly device: string } | null, chosen: string | null) =>
    checked !== null && chosen !== null && checked.device !== chosen;
  if (changed(kept.camera, now.camera)) return 'other-camera';
  if (changed(kept.microphone, now.microphone)) return 'other-microphone';
  return nowMs - kept.atMs > goodMs ? 'old' : null;
};

const staleWords: Readonly<Record<Staleness, string>> = {
  'other-device': 'on another device',
  'other-camera': 'with another camera',
  'other-microphone': 'with another microphone',
  old: 'on this device: too long ago to count on',
};

/** "just now", "12 minutes ago", "3 hours ago", "2 days ago". */
export const agoText = (ms: number): string => {
  const many = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return many(minutes, 'minute');
  if (minutes < 48 * 60) return many(Math.floor(minutes / 60), 'hour');
  return many(Math.floor(minutes / (24 * 60)), 'day');
};

/** "Checked 12 minutes ago, on this device". */
export const checkedText = (kept: KeptPreflight, now: DevicesNow, nowMs: number): string => {
  const stale = stalenessOf(kept, now, nowMs);
  return `Checked ${agoText(nowMs - kept.atMs)}, ${stale ? staleWords[stale] : 'on this device'}`;
};

/** The check that counts here: one of this browser before one of another, else the newest. */
export const keptHere = (kept: readonly KeptPreflight[], browser: string): KeptPreflight | null =>
  kept.find((one) => one.browser === browser) ?? kept[0] ?? null;

/** A word of this browser's own, so that it knows its checks again; a new one each time where none may be kept. */
export const browserWord = (): string => {
  const made = () => crypto.getRandomValues(new Uint32Array(3)).join('');
  try {
    const known = localStorage.getItem('rialto.browser');
    if (known) return known;
    const word = made();
    localStorage.setItem('rialto.browser', word);
    return word;
  } catch {
    return made();
  }
};
