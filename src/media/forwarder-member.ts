// One forwarder of the pool: its process, its UDP port, and how much it carries. Which shows are there is the pool's
// affair. The rule: between two reports its load is reckoned on from those who came, so that a rush of viewers doesn't
// pour into one process before its next report.

import { SupervisedChild } from './child-process.ts';
import type { ForwarderCalls, ForwarderNews, ForwarderOptions, TapPort } from './messages.ts';
import type { Place } from './placement.ts';
import { BUSY_FULL } from './placement.ts';

/** What a viewer is reckoned to cost before the first were measured: 0.24 % of a core at 2 Mbit/s. */
const VIEWER_LOAD = 0.0025;
/** And at most: among few viewers what the publisher costs would count as theirs. */
const VIEWER_LOAD_MAX = 0.005;

export type MemberEvents = {
  onNews(member: ForwarderMember, news: ForwarderNews): void;
  /** Its process died; all of its sessions are gone. */
  onDown(member: ForwarderMember): void;
  /** Another process runs in its place. */
  onRestart(member: ForwarderMember): void;
  onNote(note: string): void;
};

export class ForwarderMember implements Place {
  /** 0 for the first. */
  readonly slot: number;
  readonly udpPort: number;
  readonly #viewersMax: number;
  #child: SupervisedChild<ForwarderCalls, ForwarderNews> | undefined;
  #tapPort: TapPort | undefined;
  /** Viewers that were given a place here. */
  viewers = 0;
  /** Since when nobody needs it; undefined while somebody does. */
  idleSinceMs: number | undefined;
  #busy = 0;
  #viewersThen = 0;

  private constructor(slot: number, options: ForwarderOptions) {
    this.slot = slot;
    this.udpPort = options.udpPort;
    this.#viewersMax = options.viewersMax;
  }

  /** Starts its process. Rejects when the UDP port is busy and when `signal` is aborted before it is ready. */
  static async start(
    slot: number,
    options: ForwarderOptions,
    events: MemberEvents,
    signal: AbortSignal,
  ): Promise<ForwarderMember> {
    const member = new ForwarderMember(slot, options);
    const { child, ready } = await SupervisedChild.start<ForwarderCalls, ForwarderNews>(
      {
        name: member.name,
        entry: new URL('./forwarder/main.ts', import.meta.url),
        argument: options,
        onNews: (news) => {
          if (news.type === 'load') member.#measured(news.busy);
          else events.onNews(member, news);
        },
        onDown: () => {
          member.viewers = 0;
          member.#measured(0);
          events.onDown(member);
        },
        onRestart: (again) => {
          member.#tapPort = again as TapPort;
          events.onRestart(member);
        },
        onNote: events.onNote,
      },
      signal,
    );
    member.#child = child;
    member.#tapPort = ready as TapPort;
    return member;
  }

  /** For messages, and as a listener of other forwarders' taps. */
  get name(): string {
    return this.slot === 0 ? 'forwarder' : `forwarder ${this.slot + 1}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get restarts(): number {
    return this.#child?.restarts ?? 0;
  }

  get ready(): boolean {
    return this.#child?.isReady ?? false;
  }

  /** See `Place`. */
  get load(): number {
    return Math.min(1, Math.max(this.#reckoned(), this.viewers / this.#viewersMax));
  }

  /** See `Place`. */
  get full(): boolean {
    return this.viewers >= this.#viewersMax || this.#reckoned() >= BUSY_FULL;
  }

  /** Where taps of other forwarders connect. */
  get tapPort(): TapPort {
    if (!this.#tapPort) throw new Error('a forwarder that was never ready');
    return this.#tapPort;
  }

  /** Rejects with a `MediaFault`. */
  call<N extends keyof ForwarderCalls & string>(
    name: N,
    input: ForwarderCalls[N][0],
  ): Promise<ForwarderCalls[N][1]> {
    if (!this.#child) throw new Error('a forwarder that was never ready');
    return this.#child.call(name, input);
  }

  async close(): Promise<void> {
    await this.#child?.close();
  }

  async dump(): Promise<unknown> {
    const { slot, udpPort, load, viewers, restarts } = this;
    const own = await this.call('dump', null).catch((fault: Error) => ({ fault: fault.message }));
    return { slot, udpPort, load, viewers, restarts, ...(own as object) };
  }

  #reckoned(): number {
    const measured = this.#viewersThen > 0 ? this.#busy / this.#viewersThen : 0;
    const each = Math.min(VIEWER_LOAD_MAX, Math.max(VIEWER_LOAD, measured));
    return this.#busy + Math.max(0, this.viewers - this.#viewersThen) * each;
  }

  #measured(busy: number): void {
    // Half of the last and half of the new one: a key frame for all is no load that lasts.
    this.#busy = busy === 0 ? 0 : (this.#busy + busy) / 2;
    this.#viewersThen = this.viewers;
  }
}
