// Every code that a person or program can meet, in one table: meaning, HTTP status, whether the same
// request may succeed later, and what to do. Refusal reasons of the deciders are codes of this table;
// docs/errors.md is written from it.

import { captionProblems } from './caption-problems.ts';
import { codeProblems } from './code-problems.ts';
import { encoderProblems } from './encoder-problems.ts';
import { entryProblems } from './entry-problems.ts';
import { pollProblems } from './poll-problems.ts';
import { type ProblemEntry, problem } from './problem-entry.ts';
import { rehearsalProblems } from './rehearsal-problems.ts';
import { remindProblems } from './remind-problems.ts';
import { shopProblems } from './shop-problems.ts';
import { simulcastProblems } from './simulcast-problems.ts';
import { stageProblems } from './stage-problems.ts';

export const problems = {
  // The door
  'request-invalid': problem(
    400,
    'The request is not well formed',
    'Correct the fields named in `errors` and send it again.',
  ),
  'request-too-large': problem(
    413,
    'The request is too large',
    'Send less at once; the limit is in `limit`.',
  ),
  'not-found': problem(404, 'There is nothing here', 'Check the address.'),
  'method-not-allowed': problem(
    405,
    'This address doesn’t take that method',
    'See /openapi.json for what it takes.',
  ),
  'media-type-unsupported': problem(
    415,
    'This kind of content isn’t taken here',
    'Send the content type that /openapi.json names.',
  ),
  'sign-in-needed': problem(
    401,
    'You need to sign in for this',
    'Sign in or sign up, then try again.',
    true,
  ),
  'not-allowed': problem(
    403,
    'Your role doesn’t allow this',
    'Ask the owner of the shop for the right.',
  ),
  'origin-refused': problem(
    403,
    'This page may not talk to the shop',
    'Open the shop at its own address, or set RIALTO_URL to the address that you use.',
  ),
  'too-many-requests': problem(
    429,
    'Too many requests',
    'Wait for the time in `retryAfterMs`, then try again.',
    true,
  ),
  busy: problem(
    503,
    'The show is at its limit right now',
    'Try again in a moment with the same command id.',
    true,
  ),
  'shutting-down': problem(
    503,
    'The server is restarting',
    'Your page reconnects by itself.',
    true,
  ),
  'log-unavailable': problem(
    503,
    'The event log doesn’t answer',
    'Try again with the same command id: what was done is done once.',
    true,
  ),
  'storage-full': problem(
    507,
    'The disk is full',
    'Free space in the data folder; nothing was lost or half done.',
    true,
  ),
  'storage-unavailable': problem(
    503,
    'The data folder can’t be written',
    'Check that RIALTO_DATA exists and may be written.',
    true,
  ),
  bug: problem(
    500,
    'Something in Rialto is wrong',
    'Try again; if it stays, report it with the id in `instance`.',
    true,
  ),
  'command-id-reused': problem(
    409,
    'This command id was used for another command',
    'Make a new id for every new wish; use the old one only to repeat the same.',
  ),
  'command-id-invalid': problem(
    400,
    'The command id is not usable',
    'Use 1 to 64 letters, digits, `-` or `_`.',
  ),
  'stream-unknown': problem(404, 'There is no such stream', 'Check the address.'),
  'stream-owned': problem(503, 'Another node runs this show', 'Try again in a moment.', true),

  // Shows
  'show-unknown': problem(
    404,
    'There is no such show',
    'Check the link or look at the list of shows.',
  ),
  'show-exists': problem(409, 'This show exists already', 'Open it, or plan one with another id.'),
  'show-not-planned': problem(
    409,
    'The show is no longer in planning',
    'A show can be changed until it goes live.',
  ),
  'disclosure-needed': problem(
    409,
    'The host earns from what is shown, and nothing says so',
    'Say in the plan that the host earns a share (“Affiliate” or “Paid partnership”), or say it in each segment that shows the products named in `products`. Or take them off the shelf.',
  ),
  'show-not-live': problem(
    409,
    'The show isn’t live',
    'Wait until it starts; after the end, buy from the replay.',
    true,
  ),
  'show-not-ended': problem(409, 'The show hasn’t ended', 'End it first.', true),
  'show-ended': problem(
    409,
    'The show has ended',
    'Watch the replay: its products are still for sale.',
  ),
  'ticket-needed': problem(
    403,
    'This show needs a ticket',
    'Buy it on the show’s page; you are let in as soon as it is paid.',
    true,
  ),
  'members-only': problem(
    403,
    'This show is for members',
    'It is for members of `tier`: sign in under the name that the shop knows you by.',
    true,
  ),
  'receipt-unknown': problem(
    404,
    'You have no such receipt',
    'Look for it among your receipts; a receipt is found under the account that it was given to.',
  ),
  'plan-invalid': problem(
    422,
    'Something in the plan can’t be',
    'Correct the field named in `field`.',
  ),
  'segment-unknown': problem(404, 'There is no such segment', 'Reload the run of show.'),
  'segment-running': problem(
    409,
    'The running segment can’t be taken out',
    'Move on to another segment first.',
  ),
  'product-not-on-shelf': problem(
    409,
    'The product isn’t on this show’s shelf',
    'Put it on the shelf first.',
  ),

  // Room
  'message-empty': problem(422, 'There is nothing to say in this message', 'Write something.'),
  'message-too-long': problem(
    422,
    'The message is too long',
    'Shorten it to `max` characters; your text is kept.',
  ),
  'message-exists': problem(409, 'This message is already there', 'Nothing to do.'),
  'message-unknown': problem(404, 'There is no such message', 'It may be gone already.'),
  'chat-too-fast': problem(
    429,
    'You write faster than the room can read',
    'Your text is kept; send it in `retryAfterMs` milliseconds.',
    true,
  ),

  // Offers and holds
  'offer-unknown': problem(404, 'There is no such offer', 'Look at the offers that run now.'),
  'offer-exists': problem(409, 'This offer exists already', 'Make a new one.'),
  'offer-invalid': problem(
    422,
    'Something in the offer can’t be',
    'Correct the field named in `field`.',
  ),
  'comment-claims-off': problem(
    409,
    'Claiming by comment is off in this show',
    'The owner switches it on in the office, where the show is planned.',
  ),
  'code-word-invalid': problem(
    422,
    'This can’t be a code word',
    'Take 2 to 20 letters and digits, and no word that people say in any chat: not `word`.',
  ),
  'code-word-taken': problem(
    409,
    'Another open offer has this code word',
    'Take another one than `word`, without a number at its end.',
  ),
  'claimed-already': problem(
    409,
    'You have claimed this already',
    'Pay what is held for you, or wait for your turn; for more, use the button of the offer.',
  ),
  'line-full': problem(409, 'The line is full', 'So many wait already: `max`.'),
  'offer-not-open': problem(409, 'The offer isn’t open', 'It has ended or not begun.'),
  'offer-not-claimable': problem(
    409,
    'These units aren’t given out by claiming',
    'Bid for the lot.',
  ),
  'too-many-offers': problem(409, 'Too many offers run at once', 'Close one first.'),
  'allocation-unexpected': problem(
    409,
    'These units were not asked for',
    'Nothing to do: a repeated message.',
  ),
  'variant-not-offered': problem(
    404,
    'This variant isn’t in the offer',
    'Choose one of the variants shown.',
  ),
  'quantity-invalid': problem(
    422,
    'This quantity can’t be',
    'Choose a whole number from 1 to `max`.',
  ),
  'per-person-limit': problem(
    409,
    'You have as many as one person may have',
    'The limit is `max`; release one to choose another.',
  ),
  'sold-out': problem(
    409,
    'There aren’t that many left',
    'Units in other people’s carts may come back: watch the count.',
    true,
  ),
  'hold-exists': problem(409, 'This hold exists already', 'Look at what is held for you.'),
  'hold-gone': problem(
    410,
    'What was held for you is no longer held',
    'Claim again if units are left. Nothing was charged.',
  ),
  'payment-under-way': problem(
    409,
    'A payment for this is under way',
    'Wait for its answer.',
    true,
  ),
  'payment-unknown': problem(404, 'There is no such payment', 'Start the payment again.'),
  'payment-declined': problem(
    402,
    'The payment was declined',
    'Try another card; your unit is still held for a moment.',
  ),
  'payment-needs-action': problem(
    402,
    'Your bank wants you to confirm',
    'Confirm the payment in the form; your unit stays held meanwhile.',
  ),
  ...captionProblems,
  ...pollProblems,
  ...codeProblems,
  ...entryProblems,
  ...stageProblems,
  'price-changed': problem(
    409,
    'The price is no longer what the button showed',
    'Look at the new total; nothing was charged.',
  ),
  'payment-unavailable': problem(
    502,
    'The payment service doesn’t answer',
    'Nothing was charged twice; try again.',
    true,
  ),

  // Lots
  'lot-unknown': problem(404, 'There is no such lot', 'Look at the lots of this show.'),
  'lot-exists': problem(409, 'This lot exists already', 'Make a new one.'),
  'lot-invalid': problem(
    422,
    'These terms of a lot can’t be',
    'Correct the field named in `field` and prepare it again.',
  ),
  'lot-not-prepared': problem(409, 'The lot is past that step', 'It was opened or taken back.'),
  'lot-not-open': problem(409, 'The lot isn’t open', 'Wait until the host opens it.', true),
  'lot-not-paused': problem(409, 'The lot isn’t paused', 'Nothing to do.'),
  'lot-not-pausable': problem(
    409,
    'A falling price can’t be paused',
    'Cancel the lot with a reason, or let it run.',
  ),
  'lot-paused': problem(
    409,
    'The lot is paused',
    'Your last bid stands. Bidding goes on when the host resumes it.',
    true,
  ),
  'lot-closed': problem(
    409,
    'The hammer has fallen',
    'The server’s time was `atMs`, the hammer’s `hammerAtMs`. Bid earlier on the next lot, or set a maximum.',
  ),
  'lot-not-biddable': problem(409, 'This lot takes no bids', 'Take it at its price.'),
  'lot-not-takeable': problem(
    409,
    'This lot can’t be bought at once',
    'There is a bid already, or it has no such price: bid for it.',
  ),
  'lot-run-exists': problem(409, 'A run of lots is on', 'Stop it first.'),
  'lot-run-unknown': problem(404, 'No run of lots is on', 'Start one.'),
  'too-many-lots': problem(409, 'This show has as many lots as it can', 'The limit is `max`.'),
  'clip-unknown': problem(404, 'There is no such clip', 'It may have been taken away.'),
  'reason-needed': problem(
    422,
    'This needs a reason',
    'Say why in a sentence of at most 200 characters: everyone will see it.',
  ),
  'bid-invalid': problem(
    422,
    'This is no amount that can be bid',
    'Bid a whole number of minor units above nothing.',
  ),
  'bid-too-low': problem(
    409,
    'The bid is too low',
    'Bid at least `minimumMinor` minor units of `currency`.',
  ),
  'bid-unusual': problem(
    409,
    'This is far more than the next bid',
    'If you mean it, confirm it: the limit for asking was `aboveMinor`.',
  ),
  'bid-unknown': problem(404, 'You have no bid in this lot', 'Bid first.'),
  'bid-binding': problem(
    409,
    'A won lot is bought',
    'Pay it in its time. If something is wrong with it, write to the shop.',
  ),
  'too-many-bids': problem(
    409,
    'This lot has as many bids as it can',
    'The highest maximum gets it.',
  ),
  'undo-too-late': problem(
    409,
    'This bid can’t be undone any more',
    'A bid can be undone once, for a short time, while nobody has bid since and the close is far.',
  ),
  // Limits of a buyer's own
  'limits-invalid': problem(
    422,
    'This limit can’t be',
    'Correct the field named in `field`: a whole number from nothing up, or null for no limit.',
  ),
  'spending-limit': problem(
    409,
    'That is above your own limit',
    'Within your limit of this `per` there are `leftMinor` minor units of `currency` left. A higher limit counts after 24 hours.',
  ),
  'time-limit': problem(
    409,
    'Your time for today is used up',
    'You set it yourself. You may watch on, and buy again from `untilMs`.',
  ),
  'needs-confirmation': problem(
    409,
    'You wanted to be asked above this amount',
    'If you mean it, send it again with `confirmed: true`; the limit for asking was `aboveMinor` minor units of `currency`.',
  ),
  'too-many-pledges': problem(
    409,
    'You have promised to pay as many things as you can at once',
    'Pay or release some first; the limit is `max`.',
  ),
  'currency-mismatch': problem(422, 'The currency is another one', 'Bid in `currency`.'),
  'crew-may-not-bid': problem(
    403,
    'Who works for the show can’t bid in it',
    'Sign in as a shopper at another shop’s show.',
  ),
  'buyer-barred': problem(
    403,
    'You can’t buy in this show',
    'The crew has barred you, with a reason. Write to the shop.',
  ),
  'too-many-barred': problem(409, 'As many are barred as can be', 'The limit is `max`.'),

  // Drops and giveaways
  'drop-unknown': problem(404, 'There is no such drop', 'Look at the drops of this show.'),
  'drop-exists': problem(409, 'This drop exists already', 'Announce a new one.'),
  'drop-invalid': problem(
    422,
    'These terms of a drop can’t be',
    'Correct the field named in `field` and announce it again.',
  ),
  'drop-not-ready': problem(
    409,
    'The drop can’t be opened now',
    'Its units are still being put aside, or it is open already.',
    true,
  ),
  'drop-over': problem(409, 'The drop takes no entries any more', 'It has ended.'),
  'too-many-drops': problem(409, 'This show has as many drops as it can', 'The limit is `max`.'),
  'too-many-entries': problem(409, 'As many have entered as can', 'The limit is `max`.'),
  'entry-unknown': problem(404, 'You aren’t in this line', 'Enter first.'),
  'entry-exists': problem(
    409,
    'This address has entered already',
    'One entry a person: use the account that entered.',
  ),
  'account-needed': problem(
    403,
    'This needs an account with an address',
    'Add your address and a password to your name, then enter.',
  ),
  'crew-may-not-enter': problem(
    403,
    'Who works for the show can’t enter',
    'Leave it to the crowd.',
  ),
  'words-too-long': problem(422, 'These words are too long', 'The limit is `max` characters.'),

  // Stock and orders
  'stock-short': problem(409, 'There isn’t enough stock', '`available` units can be offered.'),
  'stock-promised': problem(
    409,
    'More units are promised than that',
    '`promised` units are in offers or carts; count again after they are settled.',
  ),
  'order-unknown': problem(
    404,
    'There is no such order',
    'Check the link; you must be signed in as the buyer.',
  ),
  'order-not-open': problem(409, 'The order is past that step', 'Look at its state.'),

  ...encoderProblems,
  ...simulcastProblems,
  ...rehearsalProblems,
  ...remindProblems,
  ...shopProblems,
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof problems;

/** An RFC 9457 problem document, as sent. Extra members are figures for the advice. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly retry: boolean;
  readonly [member: string]: unknown;
};

/** True for codes of the table. */
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

/** The document for a code; an unknown code is a bug in Rialto and says so without leaking it. */
export const problemOf = (code: string, extra: Readonly<Record<string, unknown>> = {}): Problem => {
  const known: ProblemCode = isProblemCode(code) ? code : 'bug';
  const { title, status, advice, retry } = problems[known];
  const fill = (text: string) =>
    text.replace(/`(\w+)`/g, (word, name: string) => {
      const figure = extra[name];
      return typeof figure === 'string' || typeof figure === 'number' ? String(figure) : word;
    });
  return {
    ...extra,
    type: `/errors#${known}`,
    title,
    status,
    code: known,
    detail: fill(advice),
    retry,
  };
};
