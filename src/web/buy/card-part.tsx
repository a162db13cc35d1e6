// My card on file: none, a number to give (test cards in the sandbox, the provider's own page otherwise), one that
// waits for the bank, one that is kept, and how it is taken away. Nothing is charged here, and it says so.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { CardAnswer, CardView } from '../../protocol/cards.ts';
import { Badge } from '../design/badge.tsx';
import { Button } from '../design/button.tsx';
import { Failure, Skeleton } from '../design/empty-state.tsx';
import { Field } from '../design/field.tsx';
import { http, newId, problemFrom, type WebProblem } from '../live/http-client.ts';
import { cardName, cardWords } from './account-words.ts';
import { Part } from './address-part.tsx';
import { cardDigits, isCardNumber, spacedCard } from './card-number.ts';

const testCard = '4242 4242 4242 4242';

export function CardPart({
  sandbox,
  cameBack = false,
  onKept,
}: {
  /** Test cards are typed here; a real provider has a page of its own. */
  sandbox: boolean;
  /** From the provider's page. */
  cameBack?: boolean;
  onKept?: () => void;
}) {
  const [view, setView] = useState<CardView | null>(null);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const card = view?.card ?? null;

  const load = useCallback(async () => {
    try {
      setView(await http.get<CardView>('/api/me/card'));
      setProblem(null);
    } catch (error) {
      setProblem(problemFrom(error));
    }
  }, []);
  /** Does one thing, and looks what is there afterwards; answers whether it was done. */
  const does = useCallback(async (act: () => Promise<CardAnswer | null>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    const met = await act().then(
      (answer) => {
        if (answer?.state === 'needs-action' && new URL(answer.url).origin !== location.origin)
          location.assign(answer.url);
        return null;
      },
      (error: unknown) => problemFrom(error),
    );
    await http.get<CardView>('/api/me/card').then(setView, () => undefined);
    setProblem(met);
    setBusy(false);
    return met === null;
  }, []);
  const look = useCallback(() => does(() => http.post('/api/me/card/look')), [does]);
  useEffect(() => void load(), [load]);
  useEffect(() => {
    if (cameBack && !sandbox) void look();
  }, [cameBack, sandbox, look]);
  useEffect(() => {
    if (card) onKept?.();
  }, [card, onKept]);

  if (!view)
    return problem ? (
      <Failure title={problem.title} detail={problem.detail} onRetry={() => void load()} />
    ) : (
      <Skeleton className="h-28" />
    );
  return (
    <Part title="Card on file">
      {sandbox ? <Badge look="ritual">Sandbox: no real card</Badge> : null}
      {card ? <b>{cardName(card)}</b> : null}
      <p role="status" className="text-sm text-soft">
        {card
          ? 'Nothing was charged. Some drops take one entry for each card.'
          : 'None yet. Some drops take one entry for each card; keeping one charges nothing.'}
      </p>
      {problem ? (
        <p
          role="alert"
          className="rounded-control bg-urgent-mist px-3.5 py-2.5 text-sm text-urgent"
        >
          <b>{problem.title}.</b>{' '}
          {problem.code === 'card-refused' ? cardWords(problem.reason) : problem.detail}
        </p>
      ) : null}
      {view.isWaiting ? (
        <Bank
          sandbox={sandbox}
          busy={busy}
          onSay={(approve) => void does(() => http.post('/api/me/card/bank', { approve }))}
          onLook={() => void look()}
        />
      ) : null}
      {card ? (
        isRemoving ? (
          <div className="flex flex-wrap gap-2">
            <Button
              size="large"
              busy={busy}
              onClick={() =>
                void does(() => http.delete<null>('/api/me/card')).then(() => setRemoving(false))
              }
            >
              Yes, take it off
            </Button>
            <Button size="large" look="plain" onClick={() => setRemoving(false)}>
              Keep it
            </Button>
          </div>
        ) : (
          <Button size="large" onClick={() => setRemoving(true)}>
            Take this card off file
          </Button>
        )
      ) : view.isWaiting ? null : (
        <Give
          sandbox={sandbox}
          busy={busy}
          onGive={(methodToken, idempotencyKey) =>
            does(() =>
              http.post('/api/me/card', methodToken === null ? {} : { methodToken }, {
                idempotencyKey,
              }),
            )
          }
        />
      )}
    </Part>
  );
}

function Give({
  sandbox,
  busy,
  onGive,
}: {
  sandbox: boolean;
  busy: boolean;
  onGive: (methodToken: string | null, key: string) => Promise<boolean>;
}) {
  const [number, setNumber] = useState('');
  const [wrong, setWrong] = useState(false);
  // One key for one card: pressing again after a lost answer keeps one.
  const key = useRef(newId());
  const change = (text: string) => {
    setNumber(spacedCard(text));
    setWrong(false);
    key.current = newId();
  };
  const give = async (token: string | null) => {
    await onGive(token, key.current);
  };
  if (!sandbox)
    return (
      <Button
        look="strong"
        size="large"
        busy={busy}
        onClick={() => {
          key.current = newId();
          void give(null);
        }}
      >
        Give a card at the payment service
      </Button>
    );
  return (
    <form
      className="grid w-full gap-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isCardNumber(number)) setWrong(true);
        else if (!busy) void give(cardDigits(number));
      }}
    >
      <Field
        label="Card number"
        inputMode="numeric"
        autoComplete="off"
        placeholder="0000 0000 0000 0000"
        hint="Test cards only: …4242 is kept, …3184 asks its bank, …0002 is refused."
        error={wrong ? 'A digit of this number is wrong.' : undefined}
        value={number}
        onChange={(event) => change(event.target.value)}
      />
      {number === testCard ? null : (
        <Button type="button" onClick={() => change(testCard)}>
          Use the test card {testCard}
        </Button>
      )}
      <Button type="submit" look="strong" size="large" busy={busy}>
        Keep this card
      </Button>
    </form>
  );
}

/** One waits for its bank: the sandbox's is here, a real one has its own page. */
function Bank({
  sandbox,
  busy,
  onSay,
  onLook,
}: {
  sandbox: boolean;
  busy: boolean;
  onSay: (approve: boolean) => void;
  onLook: () => void;
}) {
  return (
    <div className="grid w-full gap-3 rounded-control bg-sunken p-4">
      <p className="text-sm">
        <b>Your bank wants to see that it is you.</b>{' '}
        {sandbox ? 'Sandbox: this is the bank.' : 'Do what its page asks, then look again.'}
      </p>
      <div className="flex flex-wrap gap-2">
        {sandbox ? (
          <>
            <Button look="strong" size="large" busy={busy} onClick={() => onSay(true)}>
              It is me
            </Button>
            <Button size="large" disabled={busy} onClick={() => onSay(false)}>
              It isn’t
            </Button>
          </>
        ) : (
          <Button look="strong" size="large" busy={busy} onClick={onLook}>
            Look again
          </Button>
        )}
      </div>
    </div>
  );
}
