// Saying a maximum: the shop bids up to it for its bidder and for nobody else to see. What may be said and
// what it comes to is decided in lot.ts.

import { useEffect, useState } from 'react';
import { crowdLimits } from '../../base/crowd-limits.ts';
import type { Money } from '../../base/money.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { amountText, readAmount } from '../design/amount.ts';
import { Button, IconButton } from '../design/button.tsx';
import { Dialog, Sheet } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { MinusIcon, PlusIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import {
  allInWords,
  leastMaximum,
  type MyLot,
  refusedWords,
  stakeIn,
  steppedMaximum,
  suggestedMaxima,
} from './lot.ts';
import { useMe } from './session.ts';
import { usePage, useParcel } from './watch-context.ts';

export default function MaxSheet({
  lot,
  mine,
  onClose,
}: {
  lot: RoomLot;
  mine: MyLot;
  onClose: () => void;
}) {
  const { client, askIn, shop } = usePage();
  const joinsParcel = useParcel() !== null;
  const me = useMe();
  const { currency } = lot.bidding.start;
  const suggested = suggestedMaxima(lot, mine.bid);
  const least = leastMaximum(lot, mine.bid);
  const [text, setText] = useState(() => amountText(suggested[0] ?? least));
  const [tried, setTried] = useState(false);
  const [sentId, setSentId] = useState<string | null>(null);
  const amount = readAmount(text, currency);
  const wrong = wrongWords(amount, least);
  const sent = mine.pending?.id === sentId ? mine.pending : null;
  const refused = sent?.state === 'refused' && sent.problem ? sent : null;
  const isUnusual = refused?.problem?.code === 'bid-unusual';
  const isAsked = isUnusual || refused?.problem?.code === 'needs-confirmation';
  const leads = stakeIn(lot.figures, mine.bid) === 'leading';

  // The bid is through: the card says the rest.
  const isThrough = sentId !== null && sent === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever closes, it is through once.
  useEffect(() => {
    if (isThrough) onClose();
  }, [isThrough]);

  const forget = () => {
    if (refused) client.forgetBid(refused.id);
    setSentId(null);
  };
  const say = (max: Money, confirmed = false) => {
    const go = () =>
      setSentId(
        client.bid({
          t: 'bid',
          lotId: lot.lotId,
          maxMinor: max.minor,
          currency,
          ...(confirmed ? { confirmed } : {}),
        }),
      );
    if (me) go();
    else askIn('guest', go);
  };
  const submit = () => {
    setTried(true);
    if (amount && !wrong) say(amount);
  };
  const change = (next: string) => {
    if (refused) forget();
    setText(next);
  };

  return (
    <Sheet
      open
      onClose={onClose}
      eyebrow={lot.title}
      title={mine.bid?.max ? 'Raise your maximum' : 'Set a maximum'}
      footer={
        <Button
          look="strong"
          size="large"
          className="w-full flex-col gap-0.5!"
          busy={sent?.state === 'sending'}
          onClick={submit}
        >
          <span className="text-lg">
            {amount && !wrong ? `Bid for me up to ${moneyText(amount)}` : 'Bid for me up to this'}
          </span>
          {amount && !wrong ? (
            <span className="text-xs font-normal opacity-85">
              at most {allInWords(amount, shop, joinsParcel)}
            </span>
          ) : null}
        </Button>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p className="text-sm text-soft">
          The shop bids for you in small steps, only as far as it takes to lead and never above your
          maximum; nobody sees it, not even the host.
        </p>
        <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-end gap-2">
          <IconButton
            label="One step less"
            look="quiet"
            className="size-12"
            disabled={!amount || amount.minor <= least.minor}
            onClick={() => amount && change(amountText(steppedMaximum(lot, mine.bid, amount, -1)))}
          >
            <MinusIcon />
          </IconButton>
          <Field
            label={`My maximum, at least ${moneyText(least)}`}
            inputMode="decimal"
            autoComplete="off"
            suffix={currency}
            value={text}
            onChange={(event) => change(event.target.value)}
            onFocus={(event) => event.currentTarget.select()}
          />
          <IconButton
            label="One step more"
            look="quiet"
            className="size-12"
            onClick={() => change(amountText(steppedMaximum(lot, mine.bid, amount ?? least, 1)))}
          >
            <PlusIcon />
          </IconButton>
        </div>
        <fieldset className="flex flex-wrap gap-2">
          <legend className="sr-only">Amounts that are near</legend>
          {suggested.map((one) => (
            <Button
              key={one.minor}
              aria-pressed={amount?.minor === one.minor}
              className={
                amount?.minor === one.minor
                  ? 'rounded-chip! outline-2 -outline-offset-2 outline-ink'
                  : 'rounded-chip!'
              }
              onClick={() => change(amountText(one))}
            >
              {moneyText(one)}
            </Button>
          ))}
        </fieldset>
        {tried && wrong ? (
          <p role="alert" className="text-sm font-semibold text-urgent">
            {wrong}
          </p>
        ) : null}
        {refused?.problem && !isAsked ? <Refused lot={lot} pending={refused} /> : null}
        {mine.bid?.max ? (
          <p className="rounded-control bg-sunken px-3.5 py-2.5 text-sm">
            Your maximum now: <b>{moneyText(mine.bid.max)}</b>.{' '}
            <span className="text-soft">
              {leads ? 'You lead: raising it leaves the price as it is.' : 'Somebody has more.'}
            </span>
          </p>
        ) : null}
        <button type="submit" hidden>
          Bid
        </button>
      </form>
      {isAsked && amount ? (
        <Dialog
          open
          onClose={forget}
          title={`Do you mean ${moneyText(amount)}?`}
          footer={
            <div className="flex flex-wrap justify-end gap-2">
              <Button size="large" onClick={forget}>
                No, change it
              </Button>
              <Button look="strong" size="large" onClick={() => say(amount, true)}>
                Yes, up to {moneyText(amount)}
              </Button>
            </div>
          }
        >
          <p className="text-sm text-soft">
            {isUnusual
              ? `That is more than ${crowdLimits.bidUnusualTimes} times the next bid of ${moneyText(least)}.`
              : 'You wanted to be asked above such an amount.'}{' '}
            You pay no more than it takes to lead, but it could come to all of it: at most{' '}
            {allInWords(amount, shop, joinsParcel)}.
          </p>
        </Dialog>
      ) : null}
    </Sheet>
  );
}

function Refused({ lot, pending }: { lot: RoomLot; pending: NonNullable<MyLot['pending']> }) {
  if (!pending.problem) return null;
  const { title, detail } = refusedWords(pending.problem, pending.wish, lot);
  return (
    <p role="alert" className="rounded-control bg-urgent-mist px-3.5 py-2.5 text-sm text-urgent">
      <b>{title}.</b> {detail}
    </p>
  );
}

const wrongWords = (amount: Money | null, least: Money): string | null => {
  if (amount === null) return `An amount such as ${amountText(least)}, please.`;
  if (amount.minor < least.minor) return `At least ${moneyText(least)}.`;
  return null;
};
