// Encoders that come by RTMP, as the main process sees them: the supervised child that listens, the question whose key
// it is, and what each encoder reports. The rule: the child decides nothing about keys, and a child that dies costs its
// encoders a new connection and the shop nothing.

import type { EncoderReport } from '../../protocol/encoder.ts';
import { SupervisedChild } from '../child-process.ts';
import type { MediaPlane } from '../media-plane.ts';
import { MediaFault } from '../media-plane.ts';
import type { IngestCalls, IngestNews, IngestReady, Refusal } from './messages.ts';

/** Twice what 1080p needs; a crowd's lines carry less. */
const BITS_PER_SECOND_MAX = 12_000_000;
/** Reports of shows that are kept, the newest of each. */
const REPORTS_MAX = 500;

/** What became of a key that an encoder showed. */
export type KeyAnswer =
  | {
      readonly ok: true;
      readonly keyId: string;
      readonly showId: string;
      readonly takeOver: boolean;
    }
  | { readonly ok: false; readonly why: 'key' | 'show-ended' | 'too-many' };

export type IngestParts = {
  readonly media: Pick<MediaPlane, 'takeLine' | 'leave'>;
  readonly port: number;
  readonly host: string;
  readonly bitsPerSecondMax?: number;
  readonly askKey: (key: string, address: string) => Promise<KeyAnswer>;
  /** A publication with this key began. */
  readonly onSession: (sessionId: string, keyId: string) => void;
  readonly onNote: (note: string) => void;
  readonly onFault: (what: string, error: unknown) => void;
};

/** What an encoder reads when it may not publish. One answer for all that has to do with keys. */
const refusals = {
  key: { code: 'NetStream.Publish.BadName', description: 'This stream key is not valid here.' },
  'show-ended': {
    code: 'NetStream.Publish.BadName',
    description: 'There is no show now that this stream key is for.',
  },
  'too-many': {
    code: 'NetStream.Publish.BadName',
    description: 'Too many wrong stream keys came from your address. Try again in some minutes.',
  },
  exists: {
    code: 'NetStream.Publish.BadName',
    description:
      'Somebody else is on air in this show. Stop them first, or let your key take over.',
  },
  unavailable: {
    code: 'NetStream.Publish.Rejected',
    description: 'The server is just starting again. Try again in some seconds.',
  },
} satisfies Record<string, Refusal>;

export class Ingest {
  readonly #parts: IngestParts;
  readonly #reports = new Map<string, EncoderReport>();
  readonly #giveUp = new AbortController();
  #child: SupervisedChild<IngestCalls, IngestNews> | undefined;
  #port: number | null = null;

  constructor(parts: IngestParts) {
    this.#parts = parts;
  }

  /** Starts listening. Rejects with a sentence when the port is taken. */
  async start(): Promise<void> {
    const { port, host, bitsPerSecondMax = BITS_PER_SECOND_MAX, onNote } = this.#parts;
    const { child, ready } = await SupervisedChild.start<IngestCalls, IngestNews>(
      {
        name: 'ingest',
        entry: new URL('./main.ts', import.meta.url),
        argument: { port, host, bitsPerSecondMax },
        onNews: (news) => this.#hear(news),
        onDown: () => this.#down(),
        onRestart: (again) => {
          this.#port = (again as IngestReady).port;
        },
        onNote,
      },
      this.#giveUp.signal,
    );
    this.#child = child;
    this.#port = (ready as IngestReady).port;
  }

  /** Where encoders come to; null while nobody listens. */
  get port(): number | null {
    return this.#port;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What the show's encoder sends, or sent last; null when none came since the start. */
  report(showId: string): EncoderReport | null {
    return this.#reports.get(showId) ?? null;
  }

  async dump(): Promise<unknown> {
    return this.#child?.call('dump', null);
  }

  async close(): Promise<void> {
    this.#giveUp.abort();
    await this.#child?.close();
  }

  #hear(news: IngestNews): void {
    switch (news.type) {
      case 'wish':
        this.#answer(news).catch((error: unknown) =>
          this.#parts.onFault('an encoder could not be answered', error),
        );
        break;
      case 'report':
        this.#keep(news.report);
        break;
      default:
        news satisfies never;
    }
  }

  async #answer({ connection, key, address }: IngestNews & { type: 'wish' }): Promise<void> {
    const { askKey, media, onSession } = this.#parts;
    const refuse = async (refusal: Refusal) => {
      await this.#child?.call('refuse', { connection, ...refusal });
    };
    const answer = await askKey(key, address);
    if (!answer.ok) return refuse(refusals[answer.why]);
    const { showId, keyId, takeOver } = answer;
    let line: Awaited<ReturnType<MediaPlane['takeLine']>>;
    try {
      line = await media.takeLine(showId, takeOver);
    } catch (fault) {
      if (!(fault instanceof MediaFault)) throw fault;
      return refuse(
        fault.code === 'media-publisher-exists' ? refusals.exists : refusals.unavailable,
      );
    }
    onSession(line.sessionId, keyId);
    const taken = await this.#child?.call('admit', { connection, showId, ...line });
    if (!taken) await media.leave(line.sessionId);
  }

  /** The child died, and every encoder's connection with it. */
  #down(): void {
    this.#port = null;
    for (const [showId, report] of this.#reports)
      if (report.state === 'on') this.#reports.set(showId, { ...report, state: 'ended' });
  }

  #keep(report: EncoderReport): void {
    this.#reports.delete(report.showId);
    this.#reports.set(report.showId, report);
    for (const oldest of this.#reports.keys()) {
      if (this.#reports.size <= REPORTS_MAX) break;
      this.#reports.delete(oldest);
    }
  }
}
