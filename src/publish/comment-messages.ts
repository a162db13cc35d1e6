// What becomes of a comment, as its author and the crew are told: the author in a line of their own, the crew
// beside the comment. Everybody else sees the comment and the offer's figures. Rules: docs/rules/comment-claim.md,
// CCL-14.

import type { OfferId, VariantId } from '../base/brand.ts';
import { type CommentEvent, placeOf, type Waiting } from '../domain/sale/comment-sale.ts';
import { offerOf } from '../domain/sale/offer.ts';
import type { Sale } from '../domain/sale/sale.ts';
import type { CommentAnswer, CommentedUnits } from '../protocol/comment-claim.ts';
import { problemOf } from '../protocol/problems.ts';
import type { CrewMessage } from '../protocol/socket.ts';
import { type Said, titleOf, toAll } from './said.ts';

/** What an event about a comment says. `sale` already has the event in it; `waiting` is who stood in a line before. */
export const commentMessages = (
  event: CommentEvent,
  { seq, atMs }: { readonly seq: number; readonly atMs: number },
  sale: Sale,
  waiting: Waiting | undefined,
): Said => {
  const told = (
    to: Waiting['personId'] | undefined,
    answer: CommentAnswer,
    crew: readonly CrewMessage[] = [],
  ): Said => ({
    room: [],
    crew,
    personal: to ? [{ to, message: { t: 'reply', reply: { seq, atMs, answer } } }] : [],
  });
  switch (event.kind) {
    case 'CommentClaimsSwitched':
      return toAll({ t: 'comment-claims', seq, isOn: event.data.isOn });
    case 'CommentClaimed': {
      const { messageId, personId, holdId, quantity, offerId, variantId } = event.data;
      const units = unitsOf(sale, event.data);
      const outcome = holdId === null ? 'pay' : 'held';
      const unitPrice = offerOf(sale, offerId).terms.variants.find(
        (variant) => variant.variantId === variantId,
      )!.price;
      return told(
        personId,
        holdId === null ? { says: 'pay', ...units, unitPrice } : { says: 'held', ...units, holdId },
        [{ t: 'comment', seq, messageId, outcome, quantity, title: units.title, reason: null }],
      );
    }
    case 'CommentUnclear': {
      const { messageId, personId, reason, words } = event.data;
      return told(personId, { says: 'unclear', reason, codes: codesOf(sale, words) }, [
        { t: 'comment', seq, messageId, outcome: 'unclear', quantity: 0, title: '', reason: null },
      ]);
    }
    case 'CommentRefused': {
      const { messageId, personId, reason, detail, quantity } = event.data;
      const units = unitsOf(sale, event.data);
      const problem = problemOf(reason, detail);
      return told(personId, { says: 'refused', ...units, problem }, [
        {
          t: 'comment',
          seq,
          messageId,
          outcome: 'refused',
          quantity,
          title: units.title,
          reason: problem.title,
        },
      ]);
    }
    case 'CommentWaiting': {
      const { messageId, offerId, holdId, quantity } = event.data;
      const units = unitsOf(sale, event.data);
      const place = placeOf(sale, offerId, holdId) ?? 1;
      return told(event.personal?.personId, { says: 'waiting', ...units, holdId, place }, [
        {
          t: 'comment',
          seq,
          messageId,
          outcome: 'waiting',
          quantity,
          title: units.title,
          reason: null,
        },
      ]);
    }
    case 'CommentServed': {
      const { holdId } = event.data;
      return told(waiting?.personId, { says: 'served', ...unitsOf(sale, event.data), holdId });
    }
    case 'CommentLineLeft': {
      const { holdId, reason } = event.data;
      const units = unitsOf(sale, { ...event.data, quantity: waiting?.quantity ?? 1 });
      return told(waiting?.personId, { says: 'line-left', ...units, holdId, reason });
    }
  }
};

const unitsOf = (
  sale: Sale,
  about: { readonly offerId: OfferId; readonly variantId: VariantId; readonly quantity: number },
): CommentedUnits => {
  const { offerId, variantId, quantity } = about;
  return { offerId, variantId, quantity, title: titleOf(offerOf(sale, offerId).terms, variantId) };
};

/** What the words claim in the offers that are open. */
const codesOf = (sale: Sale, words: readonly string[]) =>
  [...sale.offers.values()]
    .filter(({ phase }) => phase === 'open')
    .flatMap(({ terms }) =>
      (terms.comments?.codes ?? [])
        .filter(({ word }) => words.includes(word))
        .map(({ word, variantId }) => ({ word, title: titleOf(terms, variantId) })),
    );
