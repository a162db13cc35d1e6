// Why a camera, microphone or screen can't be had, in words with the cure beside it. The browser's own
// messages differ from one to the next and tell nobody what to do.

import type { DeviceTrouble } from '../../protocol/preflight.ts';

export type Device = 'camera' | 'microphone' | 'screen';

/** What is wrong with a device and what to do about it. */
export type MediaTrouble = {
  readonly device: Device;
  readonly kind: DeviceTrouble;
  readonly title: string;
  readonly cure: string;
};

const cures: Record<string, (device: Device) => Omit<MediaTrouble, 'device'>> = {
  NotAllowedError: (device) => ({
    kind: 'denied',
    title: `The browser may not use your ${device}`,
    cure: 'Open the permissions beside the address, allow it for this page, then try again.',
  }),
  NotFoundError: (device) => ({
    kind: 'missing',
    title: `No ${device} was found`,
    cure: 'Plug one in or switch it on, then try again. A virtual camera counts too.',
  }),
  OverconstrainedError: (device) => ({
    kind: 'missing',
    title: `The ${device} that you chose is gone`,
    cure: 'Choose another one from the list.',
  }),
  NotReadableError: (device) => ({
    kind: 'busy',
    title: `Another program holds your ${device}`,
    cure: 'Close the call or recorder that uses it, then try again.',
  }),
};

/** The trouble behind an error of the browser. */
export const troubleOf = (device: Device, error: unknown): MediaTrouble => {
  const name = error instanceof Error ? error.name : '';
  const known = cures[name];
  if (known) return { device, ...known(device) };
  return {
    device,
    kind: 'failed',
    title: `Your ${device} doesn’t start`,
    cure: 'Unplug it and plug it in again, or choose another one.',
  };
};

/** Browsers hand out no devices on plain HTTP from another machine. */
export const insecureTrouble: MediaTrouble = {
  device: 'camera',
  kind: 'insecure',
  title: 'This address can’t use a camera',
  cure: 'Open the shop by https, or on this machine by http://localhost.',
};

/** A track ended by itself: unplugged, or stopped by the system. */
export const goneTrouble = (device: Device): MediaTrouble => ({
  device,
  kind: 'failed',
  title: `Your ${device} stopped`,
  cure: 'It was unplugged or taken by another program. Plug it in, or choose another one.',
});
