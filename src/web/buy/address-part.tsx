// My address, and whether it is proven: no address, not proven, a letter on its way, done, or a link that was wrong
// or too old. While a letter is on its way the part looks now and then whether its link was opened somewhere.

import { useCallback, useEffect, useState } from 'react';
import type { Me } from '../../protocol/catalogue.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { Failure, Skeleton } from '../design/empty-state.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { linkWords } from './account-words.ts';

const lookMs = 4_000;

export function AddressPart({
  sandbox,
  linkError = null,
  onProven,
}: {
  /** No letter is sent: the shop's own people find it in the office. */
  sandbox: boolean;
  /** What the link that led here met; null: nothing. */
  linkError?: string | null;
  onProven?: () => void;
}) {
  const [me, setMe] = useState<Me | undefined>(undefined);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [step, setStep] = useState<'idle' | 'sending' | 'sent'>('idle');
  const isProven = me?.verified === true;

  const look = useCallback(async () => {
    try {
      setMe(await http.get<Me>('/api/me'));
      setProblem(null);
    } catch (error) {
      setProblem(problemFrom(error));
    }
  }, []);
  useEffect(() => void look(), [look]);
  useEffect(() => {
    if (step !== 'sent' || isProven) return;
    const again = () => document.visibilityState === 'visible' && void look();
    const timer = setInterval(again, lookMs);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
    };
  }, [step, isProven, look]);
  useEffect(() => {
    if (isProven) onProven?.();
  }, [isProven, onProven]);

  const ask = async () => {
    setStep('sending');
    setProblem(null);
    try {
      await http.post('/api/auth/prove-address', {});
      setStep('sent');
      await look();
    } catch (error) {
      setProblem(problemFrom(error));
      setStep('idle');
    }
  };

  if (me === undefined)
    return problem ? (
      <Failure title={problem.title} detail={problem.detail} onRetry={() => void look()} />
    ) : (
      <Skeleton className="h-28" />
    );
  if (!me?.email)
    return (
      <Part title="Your address">
        <p className="text-sm text-soft">There is none yet: a name alone has no address.</p>
        <ButtonLink href="/sign-in?next=/account" look="strong">
          Add an address
        </ButtonLink>
      </Part>
    );
  const wrong = linkError && !isProven ? linkWords(linkError) : null;
  return (
    <Part title="Your address">
      <p className="flex flex-wrap items-center gap-2">
        <b className="min-w-0 break-all">{me.email}</b>
        <Badge look={isProven ? 'accent' : 'plain'}>{isProven ? 'Proven' : 'Not proven yet'}</Badge>
      </p>
      {wrong ? (
        <p
          role="alert"
          className="rounded-control bg-urgent-mist px-3.5 py-2.5 text-sm text-urgent"
        >
          {wrong}
        </p>
      ) : null}
      {problem ? (
        <p
          role="alert"
          className="rounded-control bg-urgent-mist px-3.5 py-2.5 text-sm text-urgent"
        >
          <b>{problem.title}.</b> {problem.detail}
        </p>
      ) : null}
      <p role="status" className="text-sm text-soft">
        {isProven
          ? 'It is yours: you can enter where one entry is for each address.'
          : step === 'sent'
            ? sandbox
              ? 'The letter is written. Sandbox: it isn’t sent, the shop finds it under Mail in its office.'
              : 'A letter is on its way. Open its link within an hour, here or on another device.'
            : 'A letter with a link shows that it is yours. Some drops take one entry for each address.'}
      </p>
      {isProven ? null : (
        <Button
          look={step === 'sent' ? 'quiet' : 'strong'}
          size="large"
          busy={step === 'sending'}
          onClick={() => void ask()}
        >
          {step === 'sent' ? 'Send it again' : 'Send me the letter'}
        </Button>
      )}
    </Part>
  );
}

/** A part of the account's page or sheet, under its own heading. */
export function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="grid content-start justify-items-start gap-3 rounded-card border border-line bg-card p-5">
      <h2 className="text-lg">{title}</h2>
      {children}
    </section>
  );
}
