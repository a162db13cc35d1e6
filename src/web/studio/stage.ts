// The host's stage: which camera, microphone and screen are chosen, what the host sees of them, and the
// line on which they go out. One object for the page, outside of React, because tracks and connections
// live on while screens change. The show's own life (go live, end) is not here.

import { systemClock, systemRandom } from '../../base/ports.ts';
import {
  createWhipPublisher,
  type LineCount,
  type LineFigures,
  lineFigures,
  type PublishState,
  type PublishTracks,
} from '../live/whip-publisher.ts';
import { type Choice, deviceChoices } from './device-choices.ts';
import { goneTrouble, insecureTrouble, type MediaTrouble, troubleOf } from './media-trouble.ts';
import { browserPeer } from './publish-peer.ts';

export type StageState = {
  readonly cameras: readonly Choice[];
  readonly microphones: readonly Choice[];
  readonly cameraId: string | null;
  readonly microphoneId: string | null;
  /** What the crowd sees now. */
  readonly source: 'camera' | 'screen';
  readonly muted: boolean;
  /** Devices are being asked for. */
  readonly opening: boolean;
  readonly video: MediaStreamTrack | null;
  readonly audio: MediaStreamTrack | null;
  /** The picture of everybody on stage, which goes out in the place of the host’s own; null while they are alone. */
  readonly composed: MediaStreamTrack | null;
  readonly trouble: MediaTrouble | null;
  readonly publish: PublishState;
  readonly line: LineFigures | null;
};

/** What the chosen devices are called; null while that isn't known. */
export const chosenDevices = (
  state: Pick<StageState, 'cameras' | 'microphones' | 'cameraId' | 'microphoneId'>,
): { readonly camera: string | null; readonly microphone: string | null } => ({
  camera: state.cameras.find(({ id }) => id === state.cameraId)?.name ?? null,
  microphone: state.microphones.find(({ id }) => id === state.microphoneId)?.name ?? null,
});

export interface Stage {
  state(): StageState;
  subscribe(listener: () => void): () => void;
  /** Asks for camera and microphone, as chosen last time in this browser. */
  open(): Promise<void>;
  chooseCamera(id: string): Promise<void>;
  chooseMicrophone(id: string): Promise<void>;
  shareScreen(): Promise<void>;
  backToCamera(): Promise<void>;
  mute(muted: boolean): void;
  /** What goes out in the place of the host’s own picture and sound; null ends that. A missing track is the own one. */
  compose(tracks: PublishTracks | null): void;
  goOnAir(): void;
  leaveAir(): void;
  /** True when this tab was on air in this show before it was loaded anew. */
  wasOnAir(): boolean;
  /** The socket is back, or the server behind it is a new one. */
  reconnected(serverIsNew: boolean): void;
  /** Gives every device back. */
  close(): void;
}

/** Only conveniences are remembered in the browser: losing them loses nothing. */
const remembered = {
  get: (key: string): string | null => {
    try {
      return localStorage.getItem(`rialto.stage.${key}`);
    } catch {
      return null;
    }
  },
  set: (key: string, value: string) => {
    try {
      localStorage.setItem(`rialto.stage.${key}`, value);
    } catch {
      // Private windows may refuse: then nothing is remembered.
    }
  },
};

/** A tab on air remembers it over a reload; another tab, or another day, doesn't. */
const onAir = {
  is: (showId: string): boolean => {
    try {
      return sessionStorage.getItem('rialto.on-air') === showId;
    } catch {
      return false;
    }
  },
  set: (showId: string | null) => {
    try {
      if (showId === null) sessionStorage.removeItem('rialto.on-air');
      else sessionStorage.setItem('rialto.on-air', showId);
    } catch {
      // Then a reload asks for one more press.
    }
  },
};

const lineEveryMs = 1_000;

export const createStage = (showId: string): Stage => {
  const listeners = new Set<() => void>();
  const publisher = createWhipPublisher({
    url: `/whip/${encodeURIComponent(showId)}`,
    clock: systemClock,
    random: systemRandom,
    fetch: (input, init) => fetch(input, init),
    peer: browserPeer,
  });
  let state: StageState = {
    cameras: [],
    microphones: [],
    cameraId: remembered.get('camera'),
    microphoneId: remembered.get('microphone'),
    source: 'camera',
    muted: false,
    opening: false,
    video: null,
    audio: null,
    composed: null,
    trouble: null,
    publish: publisher.state(),
    line: null,
  };
  const become = (change: Partial<StageState>) => {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  };

  let mix: MediaStreamTrack | null = null;
  const outgoing = (): PublishTracks => ({
    audio: mix ?? state.audio,
    video: state.composed ?? state.video,
  });

  let before: LineCount | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  const watchLine = () => {
    if (timer !== undefined) return;
    timer = setInterval(async () => {
      const now = await publisher.count();
      if (publisher.state().phase === 'on')
        become({ line: lineFigures(before, now) ?? state.line });
      before = now;
    }, lineEveryMs);
  };
  const unwatchLine = () => {
    clearInterval(timer);
    timer = undefined;
    before = null;
  };
  publisher.subscribe(() => {
    const publish = publisher.state();
    if (publish.phase === 'on') watchLine();
    else unwatchLine();
    if (publish.phase === 'refused') onAir.set(null);
    become({ publish, line: publish.phase === 'on' ? state.line : null });
  });

  const listDevices = async () => become(await deviceChoices());

  const setVideo = (track: MediaStreamTrack | null, source: StageState['source']) => {
    state.video?.stop();
    if (track) track.contentHint = source === 'screen' ? 'detail' : 'motion';
    track?.addEventListener('ended', () => {
      if (state.video !== track) return;
      // Ending a shared screen is how people stop sharing: the camera comes back.
      if (source === 'screen') void stage.backToCamera();
      else become({ video: null, trouble: goneTrouble('camera') });
    });
    become({ video: track, source, trouble: null });
    publisher.replace('video', outgoing().video);
  };
  const setAudio = (track: MediaStreamTrack | null) => {
    state.audio?.stop();
    if (track) track.enabled = !state.muted;
    track?.addEventListener('ended', () => {
      if (state.audio === track) become({ audio: null, trouble: goneTrouble('microphone') });
    });
    become({ audio: track, trouble: null });
    publisher.replace('audio', outgoing().audio);
  };

  const camera = async (id: string | null): Promise<void> => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: {
          ...(id === null ? {} : { deviceId: { exact: id } }),
          width: { ideal: 1280 },
          height: { ideal: 720 },
          frameRate: { ideal: 30, max: 30 },
        },
      });
      const track = stream.getVideoTracks()[0] ?? null;
      setVideo(track, 'camera');
      const used = track?.getSettings().deviceId ?? id;
      become({ cameraId: used });
      if (used) remembered.set('camera', used);
    } catch (error) {
      // A camera that was chosen once and isn't there today: any other is better than none.
      if (id !== null && error instanceof Error && error.name === 'OverconstrainedError')
        return camera(null);
      become({ trouble: troubleOf('camera', error) });
    }
  };
  const microphone = async (id: string | null): Promise<void> => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          ...(id === null ? {} : { deviceId: { exact: id } }),
          echoCancellation: true,
          noiseSuppression: true,
        },
      });
      const track = stream.getAudioTracks()[0] ?? null;
      setAudio(track);
      const used = track?.getSettings().deviceId ?? id;
      become({ microphoneId: used });
      if (used) remembered.set('microphone', used);
    } catch (error) {
      if (id !== null && error instanceof Error && error.name === 'OverconstrainedError')
        return microphone(null);
      become({ trouble: troubleOf('microphone', error) });
    }
  };

  const onDeviceChange = () => void listDevices();
  const onOnline = () => publisher.nudge();
  if (typeof window !== 'undefined') {
    navigator.mediaDevices?.addEventListener('devicechange', onDeviceChange);
    window.addEventListener('online', onOnline);
  }

  const stage: Stage = {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async open() {
      if (state.opening) return;
      if (!navigator.mediaDevices) return become({ trouble: insecureTrouble });
      become({ opening: true, trouble: null });
      if (!state.video) await camera(state.cameraId);
      const trouble = state.trouble;
      if (!state.audio) await microphone(state.microphoneId);
      await listDevices();
      become({ opening: false, trouble: trouble ?? state.trouble });
    },
    chooseCamera: (id) => camera(id),
    chooseMicrophone: (id) => microphone(id),
    async shareScreen() {
      try {
        const stream = await navigator.mediaDevices.getDisplayMedia({
          video: { frameRate: { ideal: 30 } },
        });
        setVideo(stream.getVideoTracks()[0] ?? null, 'screen');
      } catch (error) {
        // Closing the browser's chooser is an answer, not a trouble.
        if (error instanceof Error && error.name === 'NotAllowedError') return;
        become({ trouble: troubleOf('screen', error) });
      }
    },
    backToCamera: () => camera(state.cameraId),
    mute(muted) {
      if (state.audio) state.audio.enabled = !muted;
      become({ muted });
    },
    compose(tracks) {
      const former = outgoing();
      mix = tracks?.audio ?? null;
      if (state.composed !== (tracks?.video ?? null)) become({ composed: tracks?.video ?? null });
      for (const kind of ['audio', 'video'] as const)
        if (outgoing()[kind] !== former[kind]) publisher.replace(kind, outgoing()[kind]);
    },
    goOnAir() {
      publisher.start(outgoing(), onAir.is(showId));
      onAir.set(showId);
    },
    leaveAir() {
      onAir.set(null);
      publisher.stop();
    },
    wasOnAir: () => onAir.is(showId),
    reconnected: (serverIsNew) => (serverIsNew ? publisher.serverRestarted() : publisher.nudge()),
    close() {
      onAir.set(null);
      publisher.stop();
      unwatchLine();
      navigator.mediaDevices?.removeEventListener('devicechange', onDeviceChange);
      window.removeEventListener('online', onOnline);
      state.video?.stop();
      state.audio?.stop();
      become({ video: null, audio: null });
    },
  };
  return stage;
};
