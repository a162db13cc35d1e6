// What is held for me, from both places: the show's socket (offers) and the shelf, whose holds are taken
// and given back by HTTP. One list for the page; where both know a hold, the socket's word counts.

import type { ClaimAnswer } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { http, newId, problemFrom, type WebProblem } from '../live/http-client.ts';
import type { EndedHold } from '../live/live-state.ts';
import type { LiveClient } from '../live/socket-client.ts';
import type { Deal, DealVariant, Mine, MyClaim } from './deal.ts';

export type MyHolds = {
  readonly mine: () => Mine;
  readonly subscribe: (listener: () => void) => () => void;
  /** Takes units: an offer's by the socket, the shelf's by HTTP. */
  readonly take: (
    deal: Deal,
    variant: DealVariant,
    quantity: number,
    /** The person was asked about an amount above their own threshold and said yes. */
    isConfirmed?: boolean,
  ) => void;
  readonly release: (hold: MyHold) => void;
  /** The checkout has an order for it. */
  readonly paid: (hold: MyHold, orderId: string) => void;
  /** Takes the word about a refused try away. */
  readonly forget: (claimId: string) => void;
  /** Asks the server for what is held, as after signing in. */
  readonly refresh: () => Promise<void>;
};

/** How long a hold that is over by the clock is still shown before it is taken for expired. */
const graceMs = 1_500;

export const createMyHolds = (client: LiveClient, showId: string): MyHolds => {
  const listeners = new Set<() => void>();
  let own: readonly MyHold[] = [];
  let ended: readonly EndedHold[] = [];
  let claims: readonly MyClaim[] = [];
  let cached: { readonly live: unknown; readonly own: unknown; readonly value: Mine } | null = null;
  const expiries = new Map<string, ReturnType<typeof setTimeout>>();

  const changed = () => {
    cached = null;
    for (const listener of listeners) listener();
  };

  const end = (hold: MyHold, reason: EndedHold['reason'], orderId: string | null) => {
    own = own.filter(({ holdId }) => holdId !== hold.holdId);
    ended = [...ended, { hold, reason, orderId }].slice(-8);
    changed();
  };

  const watchExpiry = (hold: MyHold) => {
    clearTimeout(expiries.get(hold.holdId));
    const timer = setTimeout(
      async () => {
        await refresh();
        // The server's word: it may be in payment, and then it stays.
        const isOver = !own.some(({ holdId }) => holdId === hold.holdId);
        if (isOver && !ended.some((one) => one.hold.holdId === hold.holdId))
          end(hold, 'expired', null);
      },
      hold.expiresAtMs - client.nowMs() + graceMs,
    );
    expiries.set(hold.holdId, timer);
  };

  const refresh = async () => {
    try {
      const { holds } = await http.get<{ holds: readonly MyHold[] }>('/api/holds');
      own = holds.filter(({ offerId }) => offerId === null);
      for (const hold of own) watchExpiry(hold);
      changed();
    } catch {
      // Not signed in or no line: what is known stays, and the next event asks again.
    }
  };

  const takeFromShelf = async (
    deal: Deal,
    variant: DealVariant,
    quantity: number,
    confirmed: boolean,
  ) => {
    const claim: MyClaim = {
      id: newId(),
      offerId: null,
      variantId: variant.variantId,
      state: 'sending',
      problem: null,
    };
    claims = [claim];
    changed();
    try {
      const answer = await http.post<ClaimAnswer>(
        '/api/holds',
        { variantId: variant.variantId, quantity, showId, confirmed },
        { idempotencyKey: claim.id },
      );
      const hold: MyHold = {
        holdId: answer.holdId,
        stream: answer.stream,
        offerId: null,
        productId: deal.productId,
        variantId: variant.variantId,
        title: variant.title ? `${deal.title}, ${variant.title}` : deal.title,
        quantity: answer.quantity,
        unitPrice: answer.unitPrice,
        expiresAtMs: answer.expiresAtMs,
        paying: false,
      };
      claims = claims.filter(({ id }) => id !== claim.id);
      own = [...own.filter(({ holdId }) => holdId !== hold.holdId), hold];
      watchExpiry(hold);
    } catch (error) {
      claims = claims.map((one) =>
        one === claim ? { ...claim, state: 'refused', problem: problemFrom(error) } : one,
      );
    }
    changed();
  };

  return {
    mine() {
      const live = client.state();
      const key = [live.holds, live.endedHolds, live.pendingClaims];
      if (
        cached &&
        (cached.live as unknown[]).every((part, index) => part === key[index]) &&
        cached.own === own
      ) {
        return cached.value;
      }
      const told = new Set(
        [...live.holds, ...live.endedHolds.map(({ hold }) => hold)].map(({ holdId }) => holdId),
      );
      const value = {
        holds: [...live.holds, ...own.filter(({ holdId }) => !told.has(holdId))],
        endedHolds: [...live.endedHolds, ...ended.filter(({ hold }) => !told.has(hold.holdId))],
        pendingClaims: [...live.pendingClaims, ...claims],
      };
      cached = { live: key, own, value };
      return value;
    },
    subscribe(listener) {
      listeners.add(listener);
      const stop = client.subscribe(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    take(deal, variant, quantity, isConfirmed = false) {
      if (deal.offerId !== null)
        client.claim(deal.offerId, variant.variantId, quantity, isConfirmed);
      else if (!claims.some(({ state }) => state === 'sending'))
        void takeFromShelf(deal, variant, quantity, isConfirmed);
    },
    release(hold) {
      if (hold.offerId !== null) return client.release(hold.holdId);
      http.delete(`/api/holds/${hold.stream}/${hold.holdId}`).then(
        () => end(hold, 'released', null),
        (error: unknown) => {
          const problem: WebProblem = problemFrom(error);
          if (problem.code === 'hold-gone') end(hold, 'expired', null);
        },
      );
    },
    paid(hold, orderId) {
      clearTimeout(expiries.get(hold.holdId));
      if (hold.offerId === null) end(hold, 'paid', orderId);
    },
    forget(claimId) {
      claims = claims.filter(({ id }) => id !== claimId);
      client.forgetClaim(claimId);
      changed();
    },
    refresh,
  };
};
