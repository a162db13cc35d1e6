// One check before a show as it goes on: which check runs, at which step, and what was measured so far. Outside of
// React, since it lives for half a minute while the page is drawn anew many times. It keeps nothing itself: the page
// sends what is here to the shop.

import { limits } from '../../../base/limits.ts';
import type { KeepPreflightBody } from '../../../protocol/preflight.ts';
import { recogniserOf } from '../captions/speech.ts';
import type { MediaTrouble } from '../media-trouble.ts';
import { insecureTrouble } from '../media-trouble.ts';
import { chosenDevices, type Stage } from '../stage.ts';
import { type ListenStep, listen, listenSeconds } from './listen.ts';
import { look, lookSeconds } from './look.ts';
import { LineFailed, tryLine, trySeconds } from './try-line.ts';

export type DeviceCheck = 'microphone' | 'camera' | 'line';
export const deviceChecks = ['microphone', 'camera', 'line'] as const;

/** What the host is asked to do, or waits for. */
export type RunStep = 'devices' | ListenStep | 'look' | 'line';
export const stepSeconds: Readonly<Record<RunStep, number>> = {
  devices: 2,
  ...listenSeconds,
  look: lookSeconds,
  line: trySeconds,
};

export type Measured = Omit<KeepPreflightBody, 'browser'>;

export type RunState = {
  /** Null: nothing runs. `check` is null while devices are asked for. */
  readonly now: { readonly check: DeviceCheck | null; readonly step: RunStep } | null;
  readonly measured: Measured;
  /** Rises each time when a run is over with something measured: then it is to be kept. */
  readonly completed: number;
};

export interface PreflightRun {
  state(): RunState;
  subscribe(listener: () => void): () => void;
  /** Runs these, one after the other; does nothing while others run. Never rejects. */
  run(checks: readonly DeviceCheck[]): Promise<void>;
  /** What was measured before this page was opened: what is run again alone comes beside it. */
  recall(measured: Measured): void;
  /** Leaves what runs as if it had never begun. */
  stop(): void;
}

export const noMeasures: Measured = { microphone: null, camera: null, line: null };

export const createPreflightRun = (
  showId: string,
  stage: Stage,
  preview: () => HTMLVideoElement | null,
): PreflightRun => {
  const listeners = new Set<() => void>();
  let state: RunState = { now: null, measured: noMeasures, completed: 0 };
  let cut: AbortController | null = null;
  const become = (change: Partial<RunState>) => {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  };

  /** Asks for what isn't open yet; the troubles of both devices, of which the stage shows one. */
  const openDevices = async (): Promise<ReadonlyMap<string, MediaTrouble>> => {
    const troubles = new Map<string, MediaTrouble>();
    const note = () => {
      const { trouble } = stage.state();
      if (trouble) troubles.set(trouble.device, trouble);
    };
    const stopNoting = stage.subscribe(note);
    try {
      if (!navigator.mediaDevices) {
        for (const device of ['camera', 'microphone']) troubles.set(device, insecureTrouble);
      } else await stage.open();
    } finally {
      stopNoting();
    }
    return troubles;
  };
  const nameOf = (kind: 'camera' | 'microphone'): string =>
    (chosenDevices(stage.state())[kind] ?? '').slice(0, limits.deviceNameMax);

  const measure = async (
    check: DeviceCheck,
    troubles: ReadonlyMap<string, MediaTrouble>,
    signal: AbortSignal,
  ): Promise<Partial<Measured>> => {
    if (check === 'line') {
      become({ now: { check, step: 'line' } });
      try {
        return { line: await tryLine(showId, signal) };
      } catch (error) {
        signal.throwIfAborted();
        return { line: { failed: error instanceof LineFailed ? error.code : 'network' } };
      }
    }
    const device = nameOf(check);
    const trouble = troubles.get(check)?.kind ?? 'failed';
    const { audio, video } = stage.state();
    try {
      if (check === 'microphone') {
        if (!audio) return { microphone: { device, trouble } };
        const onStep = (step: ListenStep) => become({ now: { check, step } });
        const listens = recogniserOf(window) !== null;
        return { microphone: { device, ...(await listen(audio, onStep, signal)), listens } };
      }
      const element = preview();
      if (!video || !element) return { camera: { device, trouble } };
      become({ now: { check, step: 'look' } });
      return { camera: { device, ...(await look(element, video, signal)) } };
    } catch {
      signal.throwIfAborted();
      return { [check]: { device, trouble: 'failed' } };
    }
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async run(checks) {
      if (state.now) return;
      const own = new AbortController();
      cut = own;
      try {
        become({ now: { check: null, step: 'devices' } });
        const needsDevices = checks.some((check) => check !== 'line');
        const troubles = needsDevices ? await openDevices() : new Map<string, MediaTrouble>();
        for (const check of checks) {
          own.signal.throwIfAborted();
          const found = await measure(check, troubles, own.signal);
          own.signal.throwIfAborted();
          become({ measured: { ...state.measured, ...found } });
        }
        become({ now: null, completed: state.completed + 1 });
      } catch (error) {
        if (cut === own) become({ now: null });
        if (!own.signal.aborted) throw error;
      }
    },
    recall(measured) {
      if (state.completed === 0 && state.now === null) become({ measured });
    },
    stop() {
      cut?.abort();
      become({ now: null });
    },
  };
};
