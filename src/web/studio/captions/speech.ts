// The browser as the one who listens (Web Speech API, https://webaudio.github.io/web-speech-api/): finished phrases out,
// begun again whenever the browser ends it, which it does after every silence. Nothing here draws or sends.
// Rules: docs/rules/captions.md (CAP-10).

export type ListenState =
  | 'off'
  | 'starting'
  | 'listening'
  /** The person or the browser said no. */
  | 'denied'
  /** It ended and is begun again in a moment. */
  | 'paused';

/** What of the browser's recogniser is used. */
export type Recogniser = {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onstart: (() => void) | null;
  onend: (() => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onresult: ((event: RecogniserResults) => void) | null;
  start(): void;
  abort(): void;
};
export type RecogniserResults = {
  readonly resultIndex: number;
  readonly results: ArrayLike<
    ArrayLike<{ readonly transcript: string }> & { readonly isFinal: boolean }
  >;
};

type Speaking = {
  SpeechRecognition?: new () => Recogniser;
  webkitSpeechRecognition?: new () => Recogniser;
};

/** Makes a recogniser; null in a browser that has none. */
export const recogniserOf = (window: object): (() => Recogniser) | null => {
  const { SpeechRecognition, webkitSpeechRecognition } = window as Speaking;
  const Made = SpeechRecognition ?? webkitSpeechRecognition;
  return Made ? () => new Made() : null;
};

const restartMs = 250;
/** After trouble (no network, no service) not at once. */
const troubleMs = 3_000;
const denials = ['not-allowed', 'service-not-allowed', 'audio-capture'];

export type ListenerOptions = {
  readonly make: () => Recogniser;
  readonly onPhrase: (text: string, spokenMs: number) => void;
  readonly onState: (state: ListenState) => void;
  readonly nowMs: () => number;
  readonly later: (run: () => void, ms: number) => void;
};

export const createListener = ({ make, onPhrase, onState, nowMs, later }: ListenerOptions) => {
  /** Counts up with each beginning and stop: what an older recogniser says means nothing. */
  let turn = 0;

  const begin = (language: string) => {
    const mine = ++turn;
    const isMine = () => mine === turn;
    const recogniser = make();
    let pauseMs = restartMs;
    let sinceMs: number | null = null;
    Object.assign(recogniser, { lang: language, continuous: true, interimResults: true });
    recogniser.onstart = () => isMine() && onState('listening');
    recogniser.onerror = ({ error }) => {
      if (!isMine()) return;
      if (denials.includes(error)) {
        turn++;
        onState('denied');
      } else if (error !== 'no-speech' && error !== 'aborted') pauseMs = troubleMs;
    };
    recogniser.onresult = ({ resultIndex, results }) => {
      if (!isMine()) return;
      let fromMs = sinceMs ?? nowMs();
      for (let at = resultIndex; at < results.length; at++) {
        const result = results[at];
        if (!result?.isFinal) continue;
        const text = result[0]?.transcript.trim() ?? '';
        if (text) onPhrase(text, nowMs() - fromMs);
        fromMs = nowMs();
      }
      sinceMs = results[results.length - 1]?.isFinal ? null : fromMs;
    };
    recogniser.onend = () => {
      if (!isMine()) return;
      onState('paused');
      later(() => isMine() && begin(language), pauseMs);
    };
    onState('starting');
    try {
      recogniser.start();
    } catch {
      // It is still ending elsewhere.
      recogniser.onend();
    }
    running = recogniser;
  };
  let running: Recogniser | null = null;

  return {
    start: begin,
    stop(): void {
      turn++;
      running?.abort();
      running = null;
      onState('off');
    },
  };
};
