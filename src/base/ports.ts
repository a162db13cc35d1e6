// Time and chance as ports, so that the engine runs the same on a wall clock and in the simulator.
// Deciders never see them: they get `at` and seeds as data inside the command.

/** Milliseconds since the Unix epoch, and timers on the same clock. */
export interface Clock {
  nowMs(): number;
  /** Calls `run` once, not before `atMs`; returns the cancel. A past `atMs` runs soon, never at once. */
  at(atMs: number, run: () => void): () => void;
}

export interface Random {
  /** `length` characters of `0-9a-z`, unguessable where the system's own source is behind it. */
  id(length?: number): string;
  /** In [0, 1). */
  fraction(): number;
}

/** Longest delay that Node's timers hold; a later deadline is reached in several steps. */
const timerMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  at(atMs, run) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = () => {
      const leftMs = atMs - Date.now();
      if (leftMs > timerMsMax) timer = setTimeout(arm, timerMsMax);
      else timer = setTimeout(run, Math.max(0, leftMs));
    };
    arm();
    return () => clearTimeout(timer);
  },
};

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

export const systemRandom: Random = {
  id(length = 20) {
    let text = '';
    while (text.length < length) {
      for (const byte of globalThis.crypto.getRandomValues(new Uint8Array(length * 2))) {
        // 252 is the largest multiple of 36 below 256: the rest would favour the first letters.
        if (byte < 252 && text.length < length) text += alphabet[byte % 36];
      }
    }
    return text;
  },
  fraction: () => globalThis.crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
};
