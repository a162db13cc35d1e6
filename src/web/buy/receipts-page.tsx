// My receipts: what the shop signed for me, show by show, each to download and to check without the shop.

import { useCallback, useEffect, useState } from 'react';
import type { PageState } from '../../protocol/first-paint.ts';
import type { ReceiptSummary } from '../../protocol/receipt.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { shortMomentText } from '../design/clock.tsx';
import { EmptyState, Failure, Skeleton } from '../design/empty-state.tsx';
import { moneyText } from '../design/money.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { useMe } from '../watch/session.ts';
import { receiptKind, receiptTitle } from './receipt-words.ts';

type Page = { readonly receipts: readonly ReceiptSummary[]; readonly more: boolean };

export default function ReceiptsPage({ state }: { state: PageState }) {
  const me = useMe();
  return (
    <ShopFrame state={state}>
      <h1 className="mt-4 text-3xl">My receipts</h1>
      <p className="mt-2 max-w-[62ch] text-soft">
        For each claim and bid the shop signed what you did and when, in an order that it can’t
        change afterwards. Keep the file: it can be checked without this shop.
      </p>
      {me ? (
        <Receipts />
      ) : (
        <EmptyState
          title="Sign in to see your receipts"
          action={
            <ButtonLink href="/sign-in?next=/receipts" look="strong">
              Sign in
            </ButtonLink>
          }
        >
          They are found under the name that they were given to.
        </EmptyState>
      )}
    </ShopFrame>
  );
}

function Receipts() {
  const [pages, setPages] = useState<readonly Page[]>([]);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [isBusy, setBusy] = useState(true);

  const load = useCallback(async (page: number) => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await http.get<Page>(`/api/me/receipts?page=${page}`);
      setPages((known) => [...known.slice(0, page), answer]);
    } catch (error) {
      setProblem(problemFrom(error));
    }
    setBusy(false);
  }, []);
  useEffect(() => void load(0), [load]);

  const receipts = pages.flatMap((page) => page.receipts);
  if (problem)
    return (
      <Failure
        title={problem.title}
        detail={`${problem.detail ?? ''}`}
        onRetry={() => void load(pages.length)}
      />
    );
  if (isBusy && pages.length === 0) return <Skeleton className="mt-8 h-40" />;
  if (receipts.length === 0)
    return (
      <EmptyState title="No receipts yet" action={<ButtonLink href="/">See the shows</ButtonLink>}>
        Claim something or bid in a live show, and its receipt stands here.
      </EmptyState>
    );
  return (
    <>
      <ul className="mt-8 grid border-t border-line">
        {receipts.map((receipt) => (
          <Row key={`${receipt.show} ${receipt.seq}`} receipt={receipt} />
        ))}
      </ul>
      {pages.at(-1)?.more ? (
        <Button className="mt-6" busy={isBusy} onClick={() => void load(pages.length)}>
          Show older ones
        </Button>
      ) : null}
      <HowToCheck show={receipts[0]!.show} />
    </>
  );
}

function Row({ receipt }: { receipt: ReceiptSummary }) {
  const { show, showTitle, seq, hash, kind, atMs, price } = receipt;
  const title = receiptTitle(receipt);
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-b border-line py-3">
      <div className="min-w-0">
        <p className="font-semibold">
          {title}
          {price ? <span className="font-normal text-soft"> at {moneyText(price)}</span> : null}
        </p>
        <p className="text-sm text-soft">
          {receiptKind(kind)} in{' '}
          <a href={`/shows/${show}`} className="underline underline-offset-2">
            {showTitle}
          </a>{' '}
          · {shortMomentText(atMs)}
        </p>
        <p className="text-xs text-soft">
          Event {seq}, <code>{hash.slice(0, 12)}</code>
        </p>
      </div>
      <ButtonLink
        href={`/api/me/receipts/${show}/${seq}`}
        download
        aria-label={`Download the receipt of ${title}`}
      >
        Download
      </ButtonLink>
    </li>
  );
}

function HowToCheck({ show }: { show: string }) {
  return (
    <details className="mt-10 rounded-card bg-sunken px-5 py-4 text-sm">
      <summary className="min-h-11 content-center font-semibold">How to check a receipt</summary>
      <div className="grid gap-2 pb-2 text-soft">
        <p>
          When a show has ended its whole log is public, without names. With Rialto’s source on any
          machine, one command recomputes it and finds your receipt’s event in it:
        </p>
        <pre className="rounded-control bg-card p-3 text-xs break-all whitespace-pre-wrap text-text">
          npm run verify -- {location.origin}/shows/{show} --receipt &lt;file&gt;
        </pre>
      </div>
    </details>
  );
}
