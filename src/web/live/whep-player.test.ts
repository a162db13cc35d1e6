// Which way the player asks for the picture, over lines and HLS that show what a test tells them to. That a browser
// really sees it is in e2e/hls.e2e.ts.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReliefOptions } from './hls-relief.ts';
import type { LineEvents } from './whep-line.ts';
import { createWhepPlayer, type WhepPlayer } from './whep-player.ts';

type FakeLine = LineEvents & { closed: boolean };
type FakeRelief = ReliefOptions & { closed: boolean };

const { lines, reliefs } = vi.hoisted(() => ({
  lines: [] as FakeLine[],
  reliefs: [] as FakeRelief[],
}));
vi.mock('./whep-line.ts', () => ({
  createLine(_showId: string, events: LineEvents) {
    const line = { ...events, closed: false };
    lines.push(line);
    return {
      stream: {},
      open: async () => 'open',
      watch: () => {},
      close: () => {
        line.closed = true;
      },
    };
  },
}));
vi.mock('./hls-relief.ts', () => ({
  openRelief(options: ReliefOptions) {
    const relief = { ...options, closed: false };
    reliefs.push(relief);
    return {
      attach: () => {},
      close: () => {
        relief.closed = true;
      },
    };
  },
}));

const video = { muted: true, srcObject: null, play: async () => {} } as unknown as HTMLVideoElement;
/** What `flow` answers: 200 while parts come, 404 when nobody sends, 409 for VP8. */
let flow: number;
let player: WhepPlayer;

beforeEach(() => {
  vi.useFakeTimers();
  lines.length = 0;
  reliefs.length = 0;
  flow = 200;
  vi.stubGlobal('RTCPeerConnection', class {});
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.stubGlobal('fetch', async () => new Response(null, { status: flow }));
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => {
  player.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Lets time pass, and what is due then be asked for. */
const pass = async (ms: number) => {
  for (const step of [ms, 2, 2]) {
    await vi.advanceTimersByTimeAsync(step);
    await vi.dynamicImportSettled();
  }
};
const begin = async (isHlsFirst: boolean, isOn = true) => {
  player = createWhepPlayer('kiln', { isHlsFirst });
  player.attach(video);
  player.setPicture(isOn);
  player.start();
  await pass(0);
};
const line = () => lines.at(-1)!;
const relief = () => reliefs.at(-1)!;
const seen = () => {
  const { phase, isSlow } = player.state();
  return phase === 'playing' ? (isSlow ? 'hls' : 'whep') : phase;
};
const counts = () => ({ lines: lines.length, reliefs: reliefs.length });

describe('a show that is watched by WebRTC first', () => {
  it('[HLS-11] [HLS-12] asks WHEP, has HLS when its picture doesn’t come in time, and goes back', async () => {
    await begin(false);
    expect(counts()).toEqual({ lines: 1, reliefs: 0 });
    await pass(1_500);
    relief().playing();
    expect(seen()).toBe('hls');
    // The first frame of the element is one of HLS now, whatever the line takes it for.
    line().frame(9, 16);
    expect([relief().closed, seen()]).toEqual([false, 'hls']);
    line().flows();
    expect(relief().closed).toBe(true);
    expect([seen(), line().closed]).toEqual(['whep', false]);
  });
});

describe('a show that is watched by HLS first', () => {
  it('[HLS-19] asks nothing of WHEP while HLS brings the picture', async () => {
    await begin(true);
    relief().playing();
    await pass(120_000);
    expect([counts(), seen()]).toEqual([{ lines: 0, reliefs: 1 }, 'hls']);
    player.setPicture(false);
    player.setPicture(true);
    await pass(10_000);
    expect(counts()).toEqual({ lines: 0, reliefs: 1 });
  });

  it('[HLS-19] waits for a host who isn’t there, and asks HLS when they come', async () => {
    flow = 404;
    await begin(true, false);
    await pass(20_000);
    expect(counts()).toEqual({ lines: 0, reliefs: 0 });
    player.setPicture(true);
    await pass(4_000);
    expect(counts()).toEqual({ lines: 0, reliefs: 0 });
    flow = 200;
    await pass(1_500);
    expect(counts()).toEqual({ lines: 0, reliefs: 1 });
  });

  it('[HLS-19] falls to WHEP when HLS is late, and goes back to HLS', async () => {
    await begin(true);
    relief().playing();
    relief().late();
    await pass(0);
    expect([lines.length, seen()]).toEqual([1, 'hls']);
    await pass(3_000);
    line().flows();
    expect([reliefs[0]?.closed, seen()]).toEqual([true, 'whep']);
    await pass(3_000);
    expect(reliefs).toHaveLength(2);
    // WHEP goes on meanwhile, and doesn't end what has only begun.
    line().flows();
    expect([relief().closed, line().closed]).toEqual([false, false]);
    relief().playing();
    expect([line().closed, seen()]).toEqual([true, 'hls']);
    await pass(120_000);
    expect(counts()).toEqual({ lines: 1, reliefs: 2 });
  });

  it('[HLS-19] shows WHEP again when HLS doesn’t come back, and asks ever less often', async () => {
    await begin(true);
    relief().late();
    await pass(0);
    line().frame(9, 16);
    // The element has frames of HLS alone while that is open.
    expect(seen()).toBe('connecting');
    await pass(3_000);
    line().flows();
    line().frame(9, 16);
    expect(seen()).toBe('whep');
    for (const waitMs of [3_000, 6_000, 12_000]) {
      const before = reliefs.length;
      await pass(waitMs - 100);
      expect(reliefs).toHaveLength(before);
      await pass(100);
      expect(reliefs).toHaveLength(before + 1);
      relief().failed();
      expect([line().closed, seen()]).toEqual([false, 'whep']);
    }
    expect(lines).toHaveLength(1);
  });

  it('[HLS-17] asks nothing when a host is gone by every way', async () => {
    await begin(true);
    relief().playing();
    flow = 404;
    relief().late();
    await pass(0);
    expect(lines).toHaveLength(0);
    relief().playing();
    expect(seen()).toBe('hls');
  });

  it('[HLS-19] comes by WHEP where HLS can’t carry it, or the browser can’t', async () => {
    flow = 409;
    await begin(true);
    expect(counts()).toEqual({ lines: 1, reliefs: 0 });
    line().frame(9, 16);
    await pass(60_000);
    expect([counts(), seen()]).toEqual([{ lines: 1, reliefs: 0 }, 'whep']);
    player.stop();
    flow = 200;
    await begin(true);
    relief().failed(true);
    await pass(0);
    line().frame(9, 16);
    await pass(600_000);
    expect([counts(), seen()]).toEqual([{ lines: 2, reliefs: 1 }, 'whep']);
  });
});

describe('a choice that changes while one watches', () => {
  it('[HLS-19] turns to HLS, and keeps the picture until that is there', async () => {
    await begin(false);
    line().frame(9, 16);
    player.setHlsFirst(true);
    expect(seen()).toBe('whep');
    await pass(3_000);
    line().flows();
    expect([counts(), line().closed]).toEqual([{ lines: 1, reliefs: 1 }, false]);
    relief().playing();
    expect([seen(), line().closed]).toEqual(['hls', true]);
  });

  it('[HLS-19] turns to WebRTC, and keeps the picture until that is there', async () => {
    await begin(true);
    relief().playing();
    player.setHlsFirst(false);
    expect(lines).toHaveLength(0);
    await pass(3_000);
    expect([lines.length, seen()]).toEqual([1, 'hls']);
    line().flows();
    expect([seen(), relief().closed]).toEqual(['whep', true]);
    await pass(120_000);
    expect(counts()).toEqual({ lines: 1, reliefs: 1 });
  });
});
