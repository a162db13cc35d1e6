// The doors to what can be checked: public keys, the published log of an ended show, and a person's own
// receipts. A log is streamed page by page, to a few at a time; a receipt to keep is signed when it is asked
// for. Rules: docs/rules/receipt.md.

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type CommandId, type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { EventLog } from '../log/event-log.ts';
import { genesisHash } from '../log/hash-chain.ts';
import { id } from '../protocol/http.ts';
import type { LogLine, ReceiptFile, ReceiptSummary } from '../protocol/receipt.ts';
import type { Notary } from '../receipts/notary.ts';
import { eventLine, publishedLog } from '../receipts/published-log.ts';
import type { SigningKeys } from '../receipts/signing-keys.ts';
import { ProblemError } from './problem-reply.ts';
import { signedIn } from './visitor.ts';

/** What these doors need to know about the shop. */
export interface ReceiptDesk {
  /** Null: there is no such show. */
  phaseOf(showId: ShowId): Promise<string | null>;
  /** A person's receipts, the latest first. */
  list(personId: string, offset: number, limit: number): Promise<ReceiptSummary[]>;
  /** The command behind one of a person's receipts; null when it isn't theirs. */
  commandOf(
    personId: string,
    showId: ShowId,
    seq: number,
  ): Promise<{ readonly commandId: CommandId } | null>;
}

export type ReceiptRoutesOptions = {
  readonly log: Pick<EventLog, 'readPublished' | 'opening' | 'head'>;
  readonly keys: SigningKeys;
  readonly notary: Pick<Notary, 'receipt'>;
  readonly desk: ReceiptDesk;
};

const pageItems = 50;
const showParams = z.object({ show: id });
const perMinute = (max: number) => ({ rateLimit: { max, timeWindow: '1 minute' } });

export const receiptRoutes =
  (options: ReceiptRoutesOptions) => async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const { log, keys, notary, desk } = options;
    const sending = new Places();

    app.get(
      '/api/keys',
      { schema: { summary: 'The public keys that receipts and logs are signed with (JWK set)' } },
      async (_request, reply) => {
        reply.header('cache-control', 'public, max-age=300');
        return { keys: keys.keys };
      },
    );

    app.get(
      '/api/shows/:show/log',
      {
        schema: { summary: 'The published log of an ended show, as NDJSON', params: showParams },
        config: perMinute(limits.logExportsPerMinute),
      },
      async (request, reply) => {
        const showId = request.params.show as ShowId;
        const phase = await desk.phaseOf(showId);
        if (phase === null) throw new ProblemError('show-unknown');
        if (phase !== 'ended') throw new ProblemError('show-not-ended');
        const stream = showStream(showId);
        const head = await log.head(stream);
        // What comes after the end (a hold runs out, a recording is attached) makes another log.
        const etag = `"${head.headHash}-${keys.keyId}-${keys.keys.length}"`;
        const isKnown = request.headers['if-none-match'] === etag;
        const leave = isKnown ? null : sending.take(request.ip);
        reply.header('etag', etag).header('cache-control', 'public, no-cache');
        if (leave === null) return reply.code(304).send();
        const lines = Readable.from(publishedLog(log, keys, stream, head), {
          objectMode: false,
          highWaterMark: 1,
        });
        lines.once('close', leave);
        reply.raw.setTimeout(limits.logExportSilentMs, () => reply.raw.destroy());
        return reply
          .type('application/x-ndjson')
          .header('content-disposition', `inline; filename="${stream}.ndjson"`)
          .send(lines) as FastifyReply;
      },
    );

    app.get(
      '/api/me/receipts',
      {
        schema: {
          summary: 'My receipts, the latest first',
          querystring: z.object({ page: z.coerce.number().int().min(0).max(100_000).default(0) }),
        },
      },
      async (request): Promise<{ receipts: ReceiptSummary[]; more: boolean }> => {
        const { id: personId } = signedIn(request);
        const found = await desk.list(personId, request.query.page * pageItems, pageItems + 1);
        return { receipts: found.slice(0, pageItems), more: found.length > pageItems };
      },
    );

    app.get(
      '/api/me/receipts/:show/:seq',
      {
        schema: {
          summary: 'One of my receipts, signed, with its event: to keep',
          params: showParams.extend({ seq: z.coerce.number().int().min(1) }),
        },
        config: perMinute(limits.receiptFilesPerMinute),
      },
      async (request, reply): Promise<ReceiptFile> => {
        const { id: personId } = signedIn(request);
        const { show, seq } = request.params;
        const command = await desk.commandOf(personId, show as ShowId, seq);
        if (command === null) throw new ProblemError('receipt-unknown');
        const stream = showStream(show as ShowId);
        const events = await log.readPublished(stream, Math.max(1, seq - 1), seq === 1 ? 1 : 2);
        const event = events.at(-1);
        const opening = await log.opening(stream, seq);
        if (event?.seq !== seq || opening === null) throw new ProblemError('receipt-unknown');
        reply
          .header('cache-control', 'private, no-store')
          .header(
            'content-disposition',
            `attachment; filename="rialto-receipt-${show}-${seq}.json"`,
          );
        return {
          ...(await notary.receipt({ ...event, commandId: command.commandId })),
          before: seq === 1 ? genesisHash : events[0]!.hash,
          event: JSON.parse(eventLine(event)) as LogLine,
          opening,
        };
      },
    );
  };

/** Who is being sent a log. A place is given back when the sending ends, however it ends. */
class Places {
  #taken = 0;
  readonly #perAddress = new Map<string, number>();

  /** Takes a place and answers with how to leave it, or throws the problem `busy`. */
  take(address: string): () => void {
    const own = this.#perAddress.get(address) ?? 0;
    if (this.#taken >= limits.logExportsMax || own >= limits.logExportsPerAddressMax)
      throw new ProblemError('busy');
    this.#taken += 1;
    this.#perAddress.set(address, own + 1);
    return () => {
      this.#taken -= 1;
      const rest = this.#perAddress.get(address)! - 1;
      if (rest > 0) this.#perAddress.set(address, rest);
      else this.#perAddress.delete(address);
    };
  }
}
