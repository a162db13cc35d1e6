import { expect, test, vi } from 'vitest';

test('[CAP-4] whether captions are shown is remembered on the device, and holds where nothing can be kept', async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  const opened = async () => {
    vi.resetModules();
    return (await import('./captions-choice.ts')).captionsChoice;
  };
  const first = await opened();
  const heard = vi.fn();
  first.subscribe(heard);
  expect(first.isOn()).toBe(false);
  first.set(true);
  expect(heard).toHaveBeenCalledOnce();
  expect((await opened()).isOn()).toBe(true);
  vi.stubGlobal('localStorage', undefined);
  const closed = await opened();
  closed.set(true);
  expect(closed.isOn()).toBe(true);
  vi.unstubAllGlobals();
});
