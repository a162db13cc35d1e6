// Short sounds and buzzes for whoever bids or waits in a line: made here in code, switched off by one press, which is
// remembered on this device. Nothing sounds before the person has touched the page: browsers forbid it, and so do
// manners.

export type Signal = 'leading' | 'outbid' | 'won' | 'served' | 'closing';

type Note = { readonly hz: number; readonly atS: number; readonly lengthS: number };

/** Up is good, down is not; the shapes differ also without pitch: two notes, three, one long. */
const tunes: Readonly<
  Record<Signal, { readonly notes: readonly Note[]; readonly buzz: number[] }>
> = {
  leading: {
    notes: [
      { hz: 523, atS: 0, lengthS: 0.09 },
      { hz: 784, atS: 0.09, lengthS: 0.16 },
    ],
    buzz: [30],
  },
  outbid: {
    notes: [
      { hz: 494, atS: 0, lengthS: 0.12 },
      { hz: 330, atS: 0.12, lengthS: 0.22 },
    ],
    buzz: [60, 50, 60],
  },
  won: {
    notes: [
      { hz: 523, atS: 0, lengthS: 0.12 },
      { hz: 659, atS: 0.12, lengthS: 0.12 },
      { hz: 1_047, atS: 0.24, lengthS: 0.4 },
    ],
    buzz: [40, 60, 40, 60, 160],
  },
  served: {
    notes: [
      { hz: 587, atS: 0, lengthS: 0.14 },
      { hz: 880, atS: 0.14, lengthS: 0.14 },
      { hz: 880, atS: 0.34, lengthS: 0.3 },
    ],
    buzz: [80, 60, 80],
  },
  closing: { notes: [{ hz: 880, atS: 0, lengthS: 0.07 }], buzz: [20] },
};

const place = 'rialto.signals';
const loudness = 0.12;

const remembered = (): boolean => {
  try {
    return localStorage.getItem(place) !== 'off';
  } catch {
    return true;
  }
};

let isOn = remembered();
let context: AudioContext | null = null;
const listeners = new Set<() => void>();

const sound = (notes: readonly Note[]): void => {
  context ??= new AudioContext();
  const audio = context;
  // A page that lay in the background wakes up with its sound asleep.
  if (audio.state === 'suspended') void audio.resume();
  for (const { hz, atS, lengthS } of notes) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const startS = audio.currentTime + atS;
    tone.type = 'triangle';
    tone.frequency.value = hz;
    // Without a ramp at both ends a tone begins and ends with a click.
    gain.gain.setValueAtTime(0, startS);
    gain.gain.linearRampToValueAtTime(loudness, startS + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.001, startS + lengthS);
    tone.connect(gain).connect(audio.destination);
    tone.start(startS);
    tone.stop(startS + lengthS);
  }
};

export const signals = {
  isOn: (): boolean => isOn,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Switches sounds and buzzes on or off, for this device. */
  set(on: boolean): void {
    isOn = on;
    try {
      localStorage.setItem(place, on ? 'on' : 'off');
    } catch {
      // A private window may refuse: then it holds for this page.
    }
    for (const listener of listeners) listener();
  },
  /** Gives a signal, once the person has touched the page. Who asked for less motion isn't shaken. */
  give(signal: Signal): void {
    if (!isOn || !navigator.userActivation?.hasBeenActive) return;
    const { notes, buzz } = tunes[signal];
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) navigator.vibrate?.(buzz);
    sound(notes);
  },
};
