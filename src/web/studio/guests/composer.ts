// Puts the people on stage into one picture and one sound, in the host's browser: a canvas that is drawn 25 times a
// second by a worker's clock, and a mixer. A new layout only moves what is drawn; the tracks that go out stay the same,
// so that no session is made anew. A person whose line is lost stands still.

import { type Layout, placesOf, type Rect } from './layout.ts';

export type StagePerson = {
  readonly id: string;
  /** Written into their picture; empty for none. */
  readonly name: string;
  readonly video: MediaStreamTrack | null;
  readonly audio: MediaStreamTrack | null;
  /** Their sound isn't in the mix. */
  readonly isSilent: boolean;
  /** Their last picture stands still. */
  readonly isLost: boolean;
  /** All of the picture is shown, with bars: a screen. */
  readonly isWhole?: boolean;
};

export type Composer = {
  readonly video: MediaStreamTrack;
  /** Null while the browser doesn't let sound run: then the host's own goes out alone. */
  readonly audio: () => MediaStreamTrack | null;
  readonly show: (layout: Layout, people: readonly StagePerson[]) => void;
  readonly close: () => void;
};

const width = 1280;
const height = 720;
const gap = 6;
/** How much of the way to its new place a picture goes with each drawing: about 300 ms in all. */
const glide = 0.35;
const stillEveryDraws = 12;
const drawEveryMs = 40;

type Tile = {
  person: StagePerson;
  readonly element: HTMLVideoElement;
  readonly still: HTMLCanvasElement;
  hasStill: boolean;
  rect: { x: number; y: number; width: number; height: number };
  target: Rect | null;
};
type Voice = {
  readonly track: MediaStreamTrack;
  readonly source: MediaStreamAudioSourceNode;
  readonly gain: GainNode;
};

/** Chromium's way to a track from frames, which goes on in a hidden tab; elsewhere the canvas gives its own. */
type Generator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
declare const MediaStreamTrackGenerator: (new (init: { kind: 'video' }) => Generator) | undefined;

export const createComposer = (soundChanged: () => void): Composer => {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('This browser draws no pictures.');
  const out = outputOf(canvas);
  const sound = new AudioContext();
  const mix = sound.createMediaStreamDestination();
  const voices = new Map<string, Voice>();
  const tiles = new Map<string, Tile>();
  let draws = 0;

  sound.addEventListener('statechange', soundChanged);
  const wake = () => void sound.resume().catch(() => {});
  addEventListener('pointerdown', wake);
  addEventListener('keydown', wake);
  wake();

  const draw = () => {
    draws += 1;
    context.fillStyle = '#12100e';
    context.fillRect(0, 0, width, height);
    for (const tile of tiles.values()) {
      if (!tile.target) continue;
      for (const side of ['x', 'y', 'width', 'height'] as const)
        tile.rect[side] += (tile.target[side] - tile.rect[side]) * glide;
      drawTile(context, tile, draws % stillEveryDraws === 0, tiles.size > 1);
    }
    out.put(canvas);
  };
  const clock = new Worker(new URL('./tick.worker.ts', import.meta.url), { type: 'module' });
  const tick = () => {
    const beganMs = performance.now();
    if (!out.isBusy()) draw();
    const tookMs = performance.now() - beganMs;
    // A slow machine draws less often: at least half of the page's time is left for its buttons.
    clock.postMessage(Math.max(drawEveryMs - tookMs, tookMs));
  };
  clock.addEventListener('message', tick);
  clock.postMessage(0);

  const hear = ({ id, audio, isSilent }: StagePerson) => {
    let voice = voices.get(id);
    if (voice && voice.track !== audio) {
      voice.source.disconnect();
      voices.delete(id);
      voice = undefined;
    }
    if (!voice && audio) {
      const gain = sound.createGain();
      const source = sound.createMediaStreamSource(new MediaStream([audio]));
      source.connect(gain).connect(mix);
      voice = { track: audio, source, gain };
      voices.set(id, voice);
    }
    voice?.gain.gain.setTargetAtTime(isSilent ? 0 : 1, sound.currentTime, 0.02);
  };

  return {
    video: out.track,
    audio: () => (sound.state === 'running' ? (mix.stream.getAudioTracks()[0] ?? null) : null),
    show(layout, people) {
      const places = placesOf(layout, people.length);
      people.forEach((person, index) => {
        const place = places[index] ?? null;
        const tile = tiles.get(person.id) ?? newTile(person, place);
        tile.person = person;
        tile.target = place;
        play(tile.element, person.video);
        tiles.set(person.id, tile);
        hear(person);
      });
      const ids = new Set(people.map(({ id }) => id));
      for (const [id, { element }] of tiles) {
        if (ids.has(id)) continue;
        element.srcObject = null;
        tiles.delete(id);
        voices.get(id)?.source.disconnect();
        voices.delete(id);
      }
      // Drawn in the order of the layout: what lies in a corner lies on top.
      for (const { id } of people) {
        const tile = tiles.get(id);
        tiles.delete(id);
        if (tile) tiles.set(id, tile);
      }
    },
    close() {
      clock.terminate();
      removeEventListener('pointerdown', wake);
      removeEventListener('keydown', wake);
      for (const { element } of tiles.values()) element.srcObject = null;
      out.track.stop();
      void sound.close();
    },
  };
};

type Output = {
  readonly track: MediaStreamTrack;
  /** The frame before is still on its way: fewer frames go out, not later ones. */
  readonly isBusy: () => boolean;
  readonly put: (canvas: HTMLCanvasElement) => void;
};

const outputOf = (canvas: HTMLCanvasElement): Output => {
  if (typeof MediaStreamTrackGenerator === 'undefined') {
    const track = canvas.captureStream().getVideoTracks()[0];
    if (!track) throw new Error('This browser gives no picture of a canvas.');
    return { track, isBusy: () => false, put: () => {} };
  }
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  let isBusy = false;
  return {
    track,
    isBusy: () => isBusy,
    put() {
      isBusy = true;
      const frame = new VideoFrame(canvas, { timestamp: Math.round(performance.now() * 1000) });
      writer
        .write(frame)
        .catch(() => {})
        .finally(() => {
          frame.close();
          isBusy = false;
        });
    },
  };
};

const newTile = (person: StagePerson, place: Rect | null): Tile => {
  const element = document.createElement('video');
  element.muted = true;
  element.playsInline = true;
  const still = document.createElement('canvas');
  still.width = width / 2;
  still.height = height / 2;
  const { x, y, width: w, height: h } = place ?? { x: 0, y: 0, width: 1, height: 1 };
  return {
    ...{ person, element, still, hasStill: false, target: place },
    rect: { x, y, width: w, height: h },
  };
};

const play = (element: HTMLVideoElement, track: MediaStreamTrack | null) => {
  const former = (element.srcObject as MediaStream | null)?.getVideoTracks()[0] ?? null;
  if (former === track) return;
  element.srcObject = track ? new MediaStream([track]) : null;
  if (track) element.play().catch(() => {});
};

const drawTile = (
  context: CanvasRenderingContext2D,
  tile: Tile,
  takesStill: boolean,
  isNamed: boolean,
) => {
  const { element, still, person, rect } = tile;
  const isFlowing = !person.isLost && element.readyState >= 2 && element.videoWidth > 0;
  const part = {
    x: rect.x * width + (isNamed ? gap / 2 : 0),
    y: rect.y * height + (isNamed ? gap / 2 : 0),
    width: rect.width * width - (isNamed ? gap : 0),
    height: rect.height * height - (isNamed ? gap : 0),
  };
  context.save();
  context.beginPath();
  context.rect(part.x, part.y, part.width, part.height);
  context.clip();
  context.fillStyle = '#2a231d';
  context.fillRect(part.x, part.y, part.width, part.height);
  if (isFlowing) {
    if (takesStill) {
      still.getContext('2d')?.drawImage(element, 0, 0, still.width, still.height);
      tile.hasStill = true;
    }
    fill(context, element, element.videoWidth, element.videoHeight, part, person.isWhole ?? false);
  } else if (tile.hasStill) {
    context.globalAlpha = 0.5;
    fill(context, still, still.width, still.height, part, false);
    context.globalAlpha = 1;
  }
  if (isNamed && person.name) label(context, person.name, part);
  context.restore();
};

const fill = (
  context: CanvasRenderingContext2D,
  image: CanvasImageSource,
  imageWidth: number,
  imageHeight: number,
  part: Rect,
  isWhole: boolean,
) => {
  const ratios = [part.width / imageWidth, part.height / imageHeight] as const;
  const scale = isWhole ? Math.min(...ratios) : Math.max(...ratios);
  const [w, h] = [imageWidth * scale, imageHeight * scale];
  context.drawImage(image, part.x + (part.width - w) / 2, part.y + (part.height - h) / 2, w, h);
};

const label = (context: CanvasRenderingContext2D, name: string, part: Rect) => {
  const size = part.width < 400 ? 18 : 24;
  context.font = `600 ${size}px Inter, system-ui, sans-serif`;
  const textWidth = Math.min(context.measureText(name).width, part.width - 40);
  const [x, y] = [part.x + 12, part.y + part.height - size - 24];
  context.fillStyle = 'rgb(18 16 14 / 0.72)';
  context.fillRect(x, y, textWidth + 20, size + 14);
  context.fillStyle = '#ffffff';
  context.textBaseline = 'top';
  context.fillText(name, x + 10, y + 7, part.width - 40);
};
