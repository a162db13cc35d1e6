// The field of a promo code in the checkout: closed until somebody has one, then the code with what it takes
// off, and a way to leave it out again.

import { useEffect, useState } from 'react';
import type { CodeQuote } from '../../protocol/codes.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { moneyText } from '../design/money.tsx';
import { problemFrom } from '../live/http-client.ts';
import { linkedCode } from './linked-code.ts';
import { askQuote, refusedCode } from './promo-code.ts';

export function CodeField({
  hold,
  isKept,
  quote,
  onQuote,
}: {
  hold: MyHold;
  /** Whether it is held already, or only on offer. */
  isKept: boolean;
  /** The code that counts now. */
  quote: CodeQuote | null;
  onQuote: (quote: CodeQuote | null) => void;
}) {
  const [linked] = useState(() => linkedCode(location.search, sessionStorage));
  const [text, setText] = useState(linked);
  const [open, setOpen] = useState(linked !== '');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const apply = async (code: string) => {
    if (code.trim() === '' || busy) return;
    setBusy(true);
    setWrong(null);
    try {
      onQuote(await askQuote(hold, isKept, code));
    } catch (error) {
      setWrong(refusedCode(problemFrom(error)));
    } finally {
      setBusy(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link's code is tried once, when the sheet opens.
  useEffect(() => {
    void apply(linked);
  }, []);

  if (quote)
    return (
      <p
        role="status"
        className="flex items-center justify-between gap-3 rounded-control bg-ritual-mist py-1 pr-1 pl-3.5 text-sm text-ritual"
      >
        <span>
          <b>{quote.code}</b> takes {moneyText(quote.discount)} off
        </span>
        <Button look="plain" onClick={() => onQuote(null)}>
          Leave it out
        </Button>
      </p>
    );
  if (!open)
    return (
      <Button look="plain" className="justify-self-start" onClick={() => setOpen(true)}>
        I have a code
      </Button>
    );
  return (
    <div className="grid grid-cols-[1fr_auto] items-start gap-3">
      <Field
        label="Promo code"
        value={text}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={64}
        {...(wrong === null ? {} : { error: wrong })}
        onChange={(event) => {
          setText(event.target.value);
          setWrong(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void apply(text);
        }}
      />
      <Button className="mt-[26px] h-12" busy={busy} onClick={() => void apply(text)}>
        Use it
      </Button>
    </div>
  );
}
