// The way to the check before a show, with what the last one said and whether it still counts; and the question that
// is asked once when it was red. Going live is never forbidden here.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Finding } from '../../../domain/preflight/finding.ts';
import type { KeptPreflight } from '../../../protocol/preflight.ts';
import {
  browserWord,
  checkedText,
  type DevicesNow,
  keptHere,
  stalenessOf,
} from '../../crew/kept-preflight.ts';
import { verdictWords } from '../../crew/preflight-words.ts';
import { preflightQuery, shopQuery } from '../../crew/shop-data.ts';
import { Button } from '../../design/button.tsx';
import { useTick } from '../../design/clock.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { FindingList, GradeBadge } from './finding-list.tsx';

const linkLook =
  'inline-flex min-h-11 shrink-0 items-center rounded-control bg-sunken px-4 text-sm font-semibold hover:brightness-95';

const foundIn = ({ findings }: KeptPreflight) =>
  [...findings.microphone, ...findings.camera, ...findings.line, ...findings.shop] as const;

/** One line: the last check, or that there was none, and the way to it. */
export function PreflightStrip({
  showId,
  devices,
}: {
  showId: string;
  devices: Omit<DevicesNow, 'browser'>;
}) {
  useTick();
  const [browser] = useState(browserWord);
  const view = useQuery(preflightQuery(showId)).data;
  const last = view ? keptHere(view.kept, browser) : null;
  const now = { ...devices, browser };
  const stale = last ? stalenessOf(last, now, Date.now()) : null;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 max-lg:px-3 max-lg:py-2">
      {last ? (
        <p className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
          {stale ? null : <GradeBadge grade={last.verdict} />}
          <span>{checkedText(last, now, Date.now())}</span>
        </p>
      ) : (
        <p className="min-w-0 flex-1 text-sm text-soft">
          Sound, picture and line can be checked in half a minute.
        </p>
      )}
      <Link to="/studio/$show/check" params={{ show: showId }} className={linkLook}>
        {stale || !last ? 'Check before you go live' : 'Check again'}
      </Link>
    </div>
  );
}

/**
 * [PRE-16] Asks once before going live when the last check here was red and still counts. `ask` runs `go` at once
 * where there is nothing to ask; `question` is the dialog while it is asked.
 */
export const usePreflightQuestion = (showId: string) => {
  const [browser] = useState(browserWord);
  const [answered, setAnswered] = useState<number | null>(null);
  const [asking, setAsking] = useState<{ readonly go: () => void } | null>(null);
  const view = useQuery(preflightQuery(showId)).data;
  const last = view ? keptHere(view.kept, browser) : null;
  const currency = useQuery(shopQuery).data?.currency ?? 'EUR';
  const isRed =
    last?.verdict === 'red' &&
    stalenessOf(last, { browser, camera: null, microphone: null }, Date.now()) === null;
  const ask = (go: () => void) => {
    if (!isRed || !last || answered === last.atMs) return go();
    setAsking({ go });
  };
  const question =
    asking && last ? (
      <Dialog
        open
        theme="night"
        onClose={() => setAsking(null)}
        eyebrow={verdictWords(foundIn(last))}
        title="Go live as it is?"
        footer={
          <div className="flex flex-wrap justify-end gap-2">
            <Link to="/studio/$show/check" params={{ show: showId }} className={linkLook}>
              Check again
            </Link>
            <Button
              look="urgent"
              onClick={() => {
                setAnswered(last.atMs);
                setAsking(null);
                asking.go();
              }}
            >
              Go live anyway
            </Button>
          </div>
        }
      >
        <FindingList
          findings={(foundIn(last) as readonly Finding[]).filter(({ grade }) => grade === 'red')}
          currency={currency}
        />
      </Dialog>
    ) : null;
  return { ask, question };
};
