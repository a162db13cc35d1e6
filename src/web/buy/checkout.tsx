// The checkout sheet: where to, how to pay, one button with the whole sum. The units stay held while it
// is open, and its clock is in sight. What is charged is the sum on the button or nothing: the server
// refuses any other.

import { useRef, useState, useSyncExternalStore } from 'react';
import { joinsParcel } from '../../domain/order/parcel.ts';
import { orderPrice } from '../../domain/order/price.ts';
import type { CodeQuote } from '../../protocol/codes.ts';
import type { AddressBody, OrderView, ShopInfo } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { durationText, useSecondsLeft } from '../design/clock.tsx';
import { Sheet } from '../design/dialog.tsx';
import { CheckField, Field, SelectField } from '../design/field.tsx';
import { CheckIcon } from '../design/icons.tsx';
import { Money, moneyText } from '../design/money.tsx';
import { http, newId, problemFrom, type WebProblem } from '../live/http-client.ts';
import type { Taker } from '../watch/first-paid.ts';
import { ProductPicture } from '../watch/product-picture.tsx';
import { cardDigits, isCardNumber, spacedCard } from './card-number.ts';
import { CodeField } from './code-field.tsx';
import { countries, likelyCountry } from './countries.ts';
import type { MyParcel } from './my-parcel.ts';
import { isCodeProblem } from './promo-code.ts';
import { keepAddress, savedAddress } from './saved-address.ts';

const testCard = '4242 4242 4242 4242';

export default function Checkout({
  hold,
  taker = null,
  shop,
  parcel: mine,
  offsetMs,
  imageUrl,
  onPaid,
  onClose,
}: {
  hold: MyHold;
  /** Nothing is held: takes the units in the moment of paying. */
  taker?: Taker | null;
  shop: ShopInfo;
  parcel: MyParcel;
  offsetMs: number;
  imageUrl: string | null;
  onPaid: (order: OrderView) => void;
  onClose: () => void;
}) {
  const [saved] = useState(() => savedAddress(localStorage));
  const parcel = useSyncExternalStore(mine.subscribe, mine.now);
  const [email, setEmail] = useState(saved?.email ?? '');
  const [address, setAddress] = useState<Required<AddressBody>>(
    // Into the parcel that is there, so that the sum on the button before this sheet stays true.
    parcel?.address ??
      saved?.address ?? {
        name: '',
        line1: '',
        line2: '',
        postcode: '',
        city: '',
        country: likelyCountry(navigator.languages),
      },
  );
  const [card, setCard] = useState('');
  const [keep, setKeep] = useState(true);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [order, setOrder] = useState<OrderView | null>(null);
  // One key a try: a lost answer is asked for again with it, a declined card begins a new one.
  const key = useRef(newId());
  const form = useRef<HTMLFormElement>(null);
  const [quote, setQuote] = useState<CodeQuote | null>(null);
  const joins = joinsParcel(parcel, address);
  const terms = { discount: quote?.discount ?? null, joinsParcel: joins };
  const { goods, discount, shipping, tax, total } = orderPrice([hold], terms, shop);
  const isFree = total.minor === 0;
  const cardIsWrong =
    problem?.code === 'payment-declined' ||
    (problem === null && card !== '' && cardDigits(card).length > 15 && !isCardNumber(card));

  const pay = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { stream, holdId } = taker ? await taker.take() : hold;
      const placed = await http.post<OrderView>(
        '/api/checkout',
        {
          stream,
          holdId,
          email: email.trim(),
          address,
          ...(isFree ? {} : { paymentMethod: cardDigits(card) }),
          codes: quote ? [quote.code] : [],
          totalMinor: total.minor,
        },
        { idempotencyKey: key.current },
      );
      keepAddress(localStorage, keep ? { email: email.trim(), address } : null);
      setOrder(placed);
      onPaid(placed);
    } catch (error) {
      const met = problemFrom(error);
      if (met.code !== 'unreachable') key.current = newId();
      if (met.code === 'hold-gone') taker?.forget();
      if (met.code === 'price-changed') void mine.refresh();
      if (isCodeProblem(met)) setQuote(null);
      setProblem(met);
    } finally {
      setBusy(false);
    }
  };

  if (order) return <Thanks order={order} onClose={onClose} />;

  const set = (part: Partial<Required<AddressBody>>) => setAddress({ ...address, ...part });
  return (
    <Sheet
      open
      onClose={onClose}
      title="Checkout"
      eyebrow={
        taker ? (
          <span>Not held: whoever pays first gets it</span>
        ) : (
          <HoldClock hold={hold} offsetMs={offsetMs} />
        )
      }
      footer={
        <>
          {problem ? (
            <p
              role="alert"
              className="mb-3 rounded-control bg-urgent-mist px-3.5 py-2.5 text-sm text-urgent"
            >
              <b>{problem.title}.</b> {problem.detail}
            </p>
          ) : null}
          <Button
            look="strong"
            size="large"
            className="w-full flex-col gap-0.5!"
            busy={busy}
            onClick={() => form.current?.requestSubmit()}
          >
            <span className="text-lg">{isFree ? 'Send it to me' : `Pay ${moneyText(total)}`}</span>
            <span className="text-xs font-normal opacity-85">
              {isFree
                ? 'Free, delivery included'
                : shop.sandbox.payments
                  ? 'Sandbox: no money moves'
                  : 'Charged once, now'}
            </span>
          </Button>
        </>
      }
    >
      <div className="flex items-center gap-3 rounded-control bg-sunken p-3">
        <ProductPicture src={imageUrl} className="size-12" />
        <p className="min-w-0 flex-1 text-sm font-semibold">
          {hold.title}
          {hold.quantity > 1 ? (
            <span className="font-normal text-soft"> × {hold.quantity}</span>
          ) : null}
        </p>
        <Money amount={goods} className="font-semibold" />
      </div>
      <form
        ref={form}
        className="mt-5 grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void pay();
        }}
      >
        <h3 className="label text-soft">Where to</h3>
        {parcel ? (
          <p className="-mt-2 text-sm text-soft" role="status">
            {joins
              ? 'It goes into your parcel from this show: no more shipping.'
              : 'To another address than your parcel from this show: a parcel of its own.'}
          </p>
        ) : null}
        <Field
          label="Full name"
          value={address.name}
          onChange={(e) => set({ name: e.target.value })}
          autoComplete="name"
          maxLength={100}
          required
        />
        <Field
          label="Street and number"
          value={address.line1}
          onChange={(e) => set({ line1: e.target.value })}
          autoComplete="address-line1"
          maxLength={120}
          required
        />
        <Field
          label="Flat, staircase, company"
          hint="If there is any."
          value={address.line2}
          onChange={(e) => set({ line2: e.target.value })}
          autoComplete="address-line2"
          maxLength={120}
        />
        <div className="grid grid-cols-[2fr_3fr] gap-3">
          <Field
            label="Postcode"
            value={address.postcode}
            onChange={(e) => set({ postcode: e.target.value })}
            autoComplete="postal-code"
            maxLength={16}
            required
          />
          <Field
            label="Town"
            value={address.city}
            onChange={(e) => set({ city: e.target.value })}
            autoComplete="address-level2"
            maxLength={80}
            required
          />
        </div>
        <SelectField
          label="Country"
          value={address.country}
          onChange={(e) => set({ country: e.target.value })}
          autoComplete="country"
        >
          {countries().map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <Field
          label="E-mail"
          type="email"
          hint={
            shop.sandbox.mail
              ? 'For the receipt. Sandbox: no letter is sent.'
              : 'For the receipt and news of the parcel.'
          }
          value={email}
          onChange={(e) => setEmail(e.target.value)}
          autoComplete="email"
          maxLength={200}
          required
        />
        <CheckField
          label="Remember this on this device"
          checked={keep}
          onChange={(e) => setKeep(e.target.checked)}
        />

        {isFree ? null : (
          <>
            <h3 className="label mt-2 flex items-center justify-between text-soft">
              How to pay
              {shop.sandbox.payments ? (
                <Badge look="ritual" className="normal-case tracking-normal">
                  Sandbox: no money moves
                </Badge>
              ) : null}
            </h3>
            <Field
              label="Card number"
              inputMode="numeric"
              autoComplete={shop.sandbox.payments ? 'off' : 'cc-number'}
              placeholder="0000 0000 0000 0000"
              value={card}
              onChange={(e) => {
                setCard(spacedCard(e.target.value));
                if (problem?.code === 'payment-declined') setProblem(null);
              }}
              error={
                cardIsWrong
                  ? problem
                    ? problem.title
                    : 'A digit of this number is wrong.'
                  : undefined
              }
              hint={
                shop.sandbox.payments
                  ? 'Test cards only: …4242 is paid, …0002 is declined.'
                  : undefined
              }
              required
            />
            {shop.sandbox.payments && card !== testCard ? (
              <Button size="medium" onClick={() => setCard(testCard)}>
                Use the test card {testCard}
              </Button>
            ) : null}
          </>
        )}
        {goods.minor > 0 ? (
          <CodeField hold={hold} isKept={taker === null} quote={quote} onQuote={setQuote} />
        ) : null}
        {/* The sum in its parts, so that the button holds no surprise. */}
        <dl className="mt-2 grid grid-cols-[1fr_auto] gap-y-1.5 border-t border-line pt-4 text-sm">
          <dt className="text-soft">
            {hold.quantity > 1 ? `${hold.quantity} × ${moneyText(hold.unitPrice)}` : 'Piece'}
          </dt>
          <dd className="text-right">{moneyText(goods)}</dd>
          {quote ? (
            <>
              <dt className="text-ritual">Code {quote.code}</dt>
              <dd className="text-right text-ritual">−{moneyText(discount)}</dd>
              {/* [PRI-15] What the reduction is compared with. */}
              <dt className="text-xs text-soft">Lowest price of the 30 days before</dt>
              <dd className="text-right text-xs text-soft">{moneyText(quote.reference)}</dd>
            </>
          ) : null}
          <dt className="text-soft">Shipping, this parcel</dt>
          <dd className="text-right">
            {shipping.minor > 0 ? moneyText(shipping) : joins ? 'in your parcel' : 'free'}
          </dd>
          <dt className="font-semibold">Total</dt>
          <dd className="text-right font-semibold">{moneyText(total)}</dd>
          {tax.minor > 0 ? (
            <>
              <dt className="text-xs text-soft">of which tax</dt>
              <dd className="text-right text-xs text-soft">{moneyText(tax)}</dd>
            </>
          ) : null}
        </dl>
        <button type="submit" className="sr-only" tabIndex={-1}>
          Pay
        </button>
      </form>
    </Sheet>
  );
}

function HoldClock({ hold, offsetMs }: { hold: MyHold; offsetMs: number }) {
  const seconds = useSecondsLeft(hold.expiresAtMs, offsetMs);
  if (hold.paying) return <span>Your payment is under way</span>;
  if (seconds === 0) return <span className="text-urgent">The hold has run out</span>;
  return (
    <span className={classes(seconds <= 30 && 'text-urgent')}>
      Held for you <time role="timer">{durationText(seconds)}</time>
    </span>
  );
}

function Thanks({ order, onClose }: { order: OrderView; onClose: () => void }) {
  const isPaid = order.phase === 'paid';
  return (
    <Sheet
      open
      onClose={onClose}
      eyebrow={`Order ${order.number}`}
      title={isPaid ? 'It’s yours' : 'Your order is placed'}
    >
      <div className="grid gap-4">
        <p className="flex items-center gap-3 rounded-control bg-accent-mist p-4 text-sm text-accent">
          <span className="grid size-9 shrink-0 place-items-center rounded-full bg-accent text-on-accent">
            <CheckIcon />
          </span>
          <span>
            <b>{moneyText(order.totals.total)}</b> {isPaid ? 'paid' : 'waits for the payment'}
            {order.sandbox ? '. Sandbox: no money moved.' : '.'}
          </span>
        </p>
        <div className="flex gap-2">
          <Button size="large" onClick={onClose}>
            Back to the show
          </Button>
          <ButtonLink
            href={`/orders/${order.orderId}`}
            look="strong"
            size="large"
            className="flex-1"
          >
            See the order
          </ButtonLink>
        </div>
      </div>
    </Sheet>
  );
}
