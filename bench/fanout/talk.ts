// What the processes of the fan-out bench say to each other, and what goes over the sockets: the same lines and
// figures for both servers.

/** To a server. */
export type ToServer =
  | { readonly do: 'load'; readonly seconds: number }
  | { readonly do: 'memory' }
  | { readonly do: 'count' };

/** From a server. */
export type FromServer =
  | { readonly is: 'ready'; readonly port: number; readonly path: string }
  | { readonly is: 'loaded'; readonly cpuMs: number; readonly chat: number; readonly stock: number }
  | { readonly is: 'memory'; readonly rssBytes: number }
  | { readonly is: 'count'; readonly sockets: number };

/** To a process of clients. */
export type ToClients =
  | {
      readonly do: 'open';
      readonly port: number;
      readonly path: string;
      readonly hello: string;
      readonly count: number;
      readonly reads: boolean;
    }
  /** Forget what was read so far. */
  | { readonly do: 'clear' }
  | { readonly do: 'read' }
  | { readonly do: 'end' };

/** From a process of clients. */
export type FromClients =
  | { readonly is: 'open' }
  | { readonly is: 'clear' }
  | {
      readonly is: 'read';
      readonly chatMs: readonly number[];
      readonly stockMs: readonly number[];
      /** Of each socket that reads: how many of each it has got. */
      readonly chatCounts: readonly number[];
      readonly stockCounts: readonly number[];
      /** Bytes of the sockets that got fewest and most. */
      readonly bytesMin: number;
      readonly bytesMax: number;
    }
  | { readonly is: 'ended' };

export const linesPerSecond = 50;
export const changesPerSecond = 1;
const textBytes = 200;
export const benchVariant = 'v1';
/** Stock can carry a time: tenths of a millisecond since this was called. */
export const stockBaseMs = Number(process.env.RIALTO_BENCH_BASE_MS ?? 0);

/** A line of 200 bytes that begins with the time at which it was said. */
export const stampedText = (nowMs: number): string =>
  `${nowMs.toFixed(2)} `.padEnd(textBytes, 'the glaze is lovely ');

export const stampedStock = (nowMs: number): number => Math.round((nowMs - stockBaseMs) * 10);
export const stockSaidAtMs = (available: number): number => stockBaseMs + available / 10;

/**
 * Says lines and changes at their pace, for as long as they take; resolves to how many. A server that is short of
 * time speaks later, never faster: people don't shout in bursts because a machine is busy.
 */
export const offerLoad = async (
  seconds: number,
  sayLine: (index: number) => void,
  change: () => void,
): Promise<{ chat: number; stock: number }> => {
  const pace = (perSecond: number, say: (index: number) => void) =>
    new Promise<number>((resolve) => {
      const everyMs = 1000 / perSecond;
      let said = 0;
      let dueMs = performance.now();
      const turn = () => {
        say(said);
        said += 1;
        if (said === seconds * perSecond) return resolve(said);
        const nowMs = performance.now();
        // A little lateness is made up for, so that the pace is kept; a lot isn't.
        dueMs = Math.max(dueMs + everyMs, nowMs + everyMs / 2);
        setTimeout(turn, dueMs - nowMs);
      };
      setTimeout(turn, everyMs);
    });
  const [chat, stock] = await Promise.all([
    pace(linesPerSecond, sayLine),
    pace(changesPerSecond, change),
  ]);
  return { chat, stock };
};

/** Answers the parent's requests: load with its CPU, memory, how many are connected. */
export const serveBench = (
  port: number,
  path: string,
  sockets: () => number,
  load: (seconds: number) => Promise<{ chat: number; stock: number }>,
): void => {
  const tell = (message: FromServer) => process.send?.(message);
  process.on('message', async (message: ToServer) => {
    if (message.do === 'count') tell({ is: 'count', sockets: sockets() });
    if (message.do === 'memory') {
      for (let round = 0; round < 4; round += 1) {
        globalThis.gc?.();
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      tell({ is: 'memory', rssBytes: process.memoryUsage.rss() });
    }
    if (message.do === 'load') {
      const before = process.cpuUsage();
      const said = await load(message.seconds);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { user, system } = process.cpuUsage(before);
      tell({ is: 'loaded', cpuMs: (user + system) / 1000, ...said });
    }
  });
  process.on('disconnect', () => process.exit(0));
  tell({ is: 'ready', port, path });
};
