// All shows of the packager process: takes the forwarder's taps in and gives each to the show that it belongs to. The
// rule: a show is packaged while it is asked for, whoever publishes and however often the tap breaks.

import type { TapPort } from '../messages.ts';
import type { PackagerNews } from '../packager-messages.ts';
import { type TapLine, TapListener, type TapReader } from '../tap-listener.ts';
import { ShowPackager } from './show-packager.ts';

type OpenShow = { packager: ShowPackager; line: TapLine | undefined };

export class Packager {
  readonly #tell: (news: PackagerNews) => void;
  readonly #open = new Map<string, OpenShow>();
  readonly #taps = new TapListener((showId, line) => this.#admit(showId, line));

  constructor(tell: (news: PackagerNews) => void) {
    this.#tell = tell;
  }

  /** Listens on a free loopback port. */
  listen(): Promise<TapPort> {
    return this.#taps.listen();
  }

  start(showId: string): void {
    if (this.#open.has(showId)) return;
    const show: OpenShow = {
      packager: new ShowPackager(showId, this.#tell, () => show.line?.requestKeyFrame()),
      line: undefined,
    };
    this.#open.set(showId, show);
  }

  stop(showId: string): void {
    const show = this.#open.get(showId);
    if (!show) return;
    this.#open.delete(showId);
    show.line?.destroy();
    show.packager.close();
  }

  dump(): unknown {
    const shows: Record<string, unknown> = {};
    for (const [showId, { packager, line }] of this.#open)
      shows[showId] = { tapped: line !== undefined, ...(packager.dump() as object) };
    return { pid: process.pid, cpu: process.cpuUsage(), memory: process.memoryUsage().rss, shows };
  }

  #admit(showId: string, line: TapLine): TapReader | undefined {
    const show = this.#open.get(showId);
    if (!show) return undefined;
    show.line?.destroy();
    show.line = line;
    const { packager } = show;
    const isMine = (): boolean => show.line === line;
    return {
      session: (session) => isMine() && packager.session(session),
      clock: (clock) => isMine() && packager.clock(clock),
      packet: (kind, packet, atMs) => isMine() && packager.packet(kind, packet, atMs),
      end: () => {
        if (isMine()) show.line = undefined;
      },
    };
  }
}
