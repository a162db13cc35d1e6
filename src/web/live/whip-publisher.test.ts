import { describe, expect, it } from 'vitest';
import type { Clock } from '../../base/ports.ts';
import { problemOf } from '../../protocol/problems.ts';
import {
  createWhipPublisher,
  hasNoSlowStream,
  type LineCount,
  lineFigures,
  lineGrade,
  type PeerState,
  type PublishPeer,
  type PublishTracks,
} from './whip-publisher.ts';

const track = (id: string) => ({ id }) as unknown as MediaStreamTrack;
const tracks: PublishTracks = { audio: track('microphone'), video: track('camera') };

/** Lets every promise that is ready run on. */
const settle = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

const virtualClock = () => {
  let nowMs = 1_000_000;
  let timers: { atMs: number; run: () => void }[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    at(atMs, run) {
      const timer = { atMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const pass = async (ms: number) => {
    const end = nowMs + ms;
    for (;;) {
      const next = timers.filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      timers = timers.filter((other) => other !== next);
      nowMs = Math.max(nowMs, next.atMs);
      next.run();
      await settle();
    }
    nowMs = end;
  };
  return { clock, pass, waiting: () => timers.length };
};

type FakePeer = PublishPeer & {
  tracks: PublishTracks;
  tell: (state: PeerState) => void;
  replaced: string[];
  closed: boolean;
  answer: string | null;
};

/** A server that answers as told, and peers that connect when told. */
const stage = () => {
  const time = virtualClock();
  const peers: FakePeer[] = [];
  const requests: { method: string; url: string }[] = [];
  let answer: () => Promise<Response> = async () =>
    new Response('v=0 answer', { status: 201, headers: { location: `/whip/s/${peers.length}` } });
  const publisher = createWhipPublisher({
    url: '/whip/kiln',
    clock: time.clock,
    random: { id: () => 'x', fraction: () => 0.5 },
    fetch: (async (url: string, init: RequestInit) => {
      requests.push({ method: init.method ?? 'GET', url });
      if (init.method === 'DELETE') return new Response(null, { status: 200 });
      return answer();
    }) as typeof fetch,
    peer: (given, onState) => {
      const made: FakePeer = {
        tracks: given,
        tell: onState,
        replaced: [],
        closed: false,
        answer: null,
        offer: async () => 'v=0 offer',
        accept: async (sdp) => {
          made.answer = sdp;
        },
        replace: async (kind, next) => {
          made.replaced.push(`${kind}:${next?.id ?? 'none'}`);
        },
        count: async () => null,
        close: () => {
          made.closed = true;
        },
      };
      peers.push(made);
      return made;
    },
  });
  const on = async () => {
    publisher.start(tracks);
    await settle();
    peers.at(-1)?.tell('connected');
  };
  return {
    ...time,
    publisher,
    peers,
    requests,
    on,
    answerWith: (next: () => Promise<Response>) => {
      answer = next;
    },
    posts: () => requests.filter(({ method }) => method === 'POST').length,
    deletes: () => requests.filter(({ method }) => method === 'DELETE').map(({ url }) => url),
  };
};

const refusal = (code: Parameters<typeof problemOf>[0]) => async () =>
  new Response(JSON.stringify(problemOf(code)), {
    status: problemOf(code).status,
    headers: { 'content-type': 'application/problem+json' },
  });
const taken = async () =>
  new Response('v=0 answer', { status: 201, headers: { location: '/whip/s/again' } });
const nobody = async () => {
  throw new TypeError('connection refused');
};

describe('a host who goes on air', () => {
  it('offers once, takes the answer and is on when the peer is connected', async () => {
    const { publisher, peers, on, posts } = stage();
    await on();
    expect(publisher.state().phase).toBe('on');
    expect(posts()).toBe(1);
    expect(peers[0]?.answer).toBe('v=0 answer');
    expect(peers[0]?.tracks).toEqual(tracks);
  });

  it('starting twice publishes once', async () => {
    const { publisher, on, posts } = stage();
    await on();
    publisher.start(tracks);
    await settle();
    expect(posts()).toBe(1);
  });

  it('leaves the air with a DELETE and no timer behind', async () => {
    const { publisher, peers, on, deletes, waiting } = stage();
    await on();
    publisher.stop();
    expect(publisher.state()).toEqual({ phase: 'off' });
    expect(deletes()).toEqual(['/whip/s/1']);
    expect(peers[0]?.closed).toBe(true);
    expect(waiting()).toBe(0);
  });

  it('stopped while the server still thinks gives the place back when the answer comes', async () => {
    const { publisher, answerWith, deletes } = stage();
    let answer = (_: Response) => {};
    answerWith(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    publisher.start(tracks);
    await settle();
    publisher.stop();
    answer(await taken());
    await settle();
    expect(publisher.state().phase).toBe('off');
    expect(deletes()).toEqual(['/whip/s/again']);
  });

  it('is told when another host is on air, and does not fight them', async () => {
    const { publisher, answerWith, pass, posts } = stage();
    answerWith(refusal('media-publisher-exists'));
    publisher.start(tracks);
    await settle();
    expect(publisher.state()).toMatchObject({
      phase: 'refused',
      problem: { code: 'media-publisher-exists' },
    });
    await pass(60_000);
    expect(posts()).toBe(1);
  });

  it('without the right is refused once and can try again after signing in', async () => {
    const { publisher, answerWith, pass, posts, peers } = stage();
    answerWith(refusal('sign-in-needed'));
    publisher.start(tracks);
    await settle();
    await pass(30_000);
    expect(publisher.state().phase).toBe('refused');
    expect(posts()).toBe(1);
    answerWith(taken);
    publisher.start(tracks);
    await settle();
    peers.at(-1)?.tell('connected');
    expect(publisher.state().phase).toBe('on');
  });
});

describe('a host whose line or server is gone', () => {
  it('publishes again by itself as soon as the killed server answers again', async () => {
    const { publisher, peers, on, answerWith, pass } = stage();
    await on();
    answerWith(nobody);
    peers[0]?.tell('disconnected');
    await pass(12_000);
    expect(publisher.state().phase).toBe('lost');
    answerWith(taken);
    await pass(4_800);
    peers.at(-1)?.tell('connected');
    expect(publisher.state().phase).toBe('on');
    expect(peers.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  it('a gap of a second that the browser mends itself is not a loss', async () => {
    const { publisher, peers, on, pass, posts } = stage();
    await on();
    peers[0]?.tell('disconnected');
    await pass(1_000);
    peers[0]?.tell('connected');
    await pass(20_000);
    expect(publisher.state().phase).toBe('on');
    expect(posts()).toBe(1);
  });

  it('waits longer from attempt to attempt, and at most five seconds', async () => {
    const { peers, on, answerWith, pass, posts } = stage();
    await on();
    answerWith(nobody);
    peers[0]?.tell('failed');
    await pass(30_000);
    const inGrace = posts() - 1;
    expect(inGrace).toBeGreaterThanOrEqual(8);
    expect(inGrace).toBeLessThanOrEqual(12);
    await pass(60_000);
    expect(posts() - 1 - inGrace).toBeGreaterThanOrEqual(12);
  });

  it('its own ghost on the server does not count as another host', async () => {
    const { publisher, peers, on, answerWith, pass } = stage();
    await on();
    answerWith(refusal('media-publisher-exists'));
    peers[0]?.tell('failed');
    await pass(5_000);
    expect(publisher.state()).toMatchObject({
      phase: 'lost',
      problem: { code: 'media-publisher-exists' },
    });
    answerWith(taken);
    await pass(5_000);
    peers.at(-1)?.tell('connected');
    expect(publisher.state().phase).toBe('on');
  });

  it('a page that was loaded anew while on air waits for its own ghost to go', async () => {
    const { publisher, answerWith, pass, peers } = stage();
    answerWith(refusal('media-publisher-exists'));
    publisher.start(tracks, true);
    await settle();
    await pass(2_000);
    expect(publisher.state().phase).toBe('lost');
    answerWith(taken);
    await pass(4_000);
    peers.at(-1)?.tell('connected');
    expect(publisher.state().phase).toBe('on');
  });

  it('publishes at once when the server says that it is a new one', async () => {
    const { publisher, peers, on, pass, posts } = stage();
    await on();
    publisher.serverRestarted();
    expect(publisher.state().phase).toBe('lost');
    await pass(0);
    expect(posts()).toBe(2);
    peers[0]?.tell('connected');
    expect(publisher.state().phase).toBe('lost');
    peers[1]?.tell('connected');
    expect(publisher.state().phase).toBe('on');
  });

  it('tries at once when the network is back', async () => {
    const { publisher, peers, on, answerWith, pass, posts } = stage();
    await on();
    answerWith(nobody);
    peers[0]?.tell('failed');
    await pass(10_000);
    answerWith(taken);
    const before = posts();
    publisher.nudge();
    await settle();
    expect(posts()).toBe(before + 1);
  });

  it('a server that answers but never connects is given up and tried again', async () => {
    const { publisher, pass, posts } = stage();
    publisher.start(tracks);
    await settle();
    await pass(9_000);
    expect(publisher.state().phase).toBe('lost');
    expect(posts()).toBe(2);
  });

  it('ends its attempts when the show is over meanwhile', async () => {
    const { publisher, peers, on, answerWith, pass, posts } = stage();
    await on();
    answerWith(refusal('show-ended'));
    peers[0]?.tell('failed');
    await pass(1_000);
    expect(publisher.state()).toMatchObject({ phase: 'refused', problem: { code: 'show-ended' } });
    const before = posts();
    await pass(30_000);
    expect(posts()).toBe(before);
  });
});

describe('switching while live', () => {
  it('replaces the track in place, and a later session begins with it', async () => {
    const { publisher, peers, on, pass } = stage();
    await on();
    publisher.replace('video', track('screen'));
    await settle();
    expect(peers[0]?.replaced).toEqual(['video:screen']);
    peers[0]?.tell('failed');
    await pass(100);
    expect(peers[1]?.tracks.video?.id).toBe('screen');
    expect(peers[1]?.tracks.audio?.id).toBe('microphone');
  });
});

describe('the state of the line', () => {
  const count = (over: Partial<LineCount>): LineCount => ({
    atMs: 0,
    bytesSent: 0,
    framesSent: 0,
    framesPerSecond: null,
    width: 1280,
    height: 720,
    rttMs: 40,
    lossRatio: 0,
    videoCodec: null,
    sound: null,
    ...over,
  });

  it('is the difference of two counts', () => {
    const before = count({ atMs: 1_000, bytesSent: 100_000, framesSent: 10 });
    const now = count({ atMs: 3_000, bytesSent: 700_000, framesSent: 70 });
    expect(lineFigures(before, now)).toMatchObject({
      bitsPerSecond: 2_400_000,
      framesPerSecond: 30,
    });
  });

  it('[HEA-5] tells how loud the sound is that goes out, and nothing where the browser doesn’t', () => {
    const heard = (
      before: { energy: number; seconds: number } | null,
      now: { energy: number; seconds: number } | null,
    ) => lineFigures(count({ atMs: 1, sound: before }), count({ atMs: 2, sound: now }))?.soundDb;
    expect(heard({ energy: 1, seconds: 10 }, { energy: 1.01, seconds: 11 })).toBe(-20);
    expect(heard({ energy: 0, seconds: 10 }, { energy: 2, seconds: 12 })).toBe(0);
    expect(heard({ energy: 1, seconds: 10 }, { energy: 1, seconds: 11 })).toBe(-96);
    expect(heard({ energy: 5, seconds: 10 }, { energy: 1, seconds: 11 })).toBeNull();
    expect(heard({ energy: 1, seconds: 10 }, { energy: 1, seconds: 10 })).toBeNull();
    expect([heard(null, { energy: 1, seconds: 1 }), heard(null, null)]).toEqual([null, null]);
  });

  it('[HLS-16] tells of a picture that the slower stream can’t carry', () => {
    const sent = (videoCodec: string) =>
      lineFigures(count({ atMs: 1 }), count({ atMs: 2, videoCodec }));
    expect(hasNoSlowStream(sent('VP8'))).toBe(true);
    expect(hasNoSlowStream(sent('H264'))).toBe(false);
    expect(hasNoSlowStream(null)).toBe(false);
  });

  it('says nothing across a new session, whose counts begin again', () => {
    expect(
      lineFigures(count({ atMs: 1, bytesSent: 900 }), count({ atMs: 2, bytesSent: 5 })),
    ).toBeNull();
    expect(lineFigures(null, count({}))).toBeNull();
  });

  it('is named by what the crowd would notice', () => {
    const line = { framesPerSecond: 30, width: 1280, height: 720 };
    expect(lineGrade({ ...line, bitsPerSecond: 2_000_000, rttMs: 40, lossRatio: 0 })).toBe('good');
    expect(lineGrade({ ...line, bitsPerSecond: 2_000_000, rttMs: 300, lossRatio: 0 })).toBe('weak');
    expect(lineGrade({ ...line, bitsPerSecond: 2_000_000, rttMs: 40, lossRatio: 0.2 })).toBe('bad');
    expect(lineGrade({ ...line, bitsPerSecond: 90_000, rttMs: null, lossRatio: null })).toBe(
      'good',
    );
    expect(
      lineGrade({ ...line, framesPerSecond: 2, bitsPerSecond: 90_000, rttMs: 40, lossRatio: 0 }),
    ).toBe('bad');
  });
});
