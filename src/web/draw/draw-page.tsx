// The proof of a drop or giveaway, for everybody: what was promised before, who entered, which seed was told,
// who got what. This page recounts it and says what came out; it also says how to do it without this page.

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { DropProof } from '../../protocol/drops.ts';
import type { DrawState, PageState } from '../../protocol/first-paint.ts';
import { Button } from '../design/button.tsx';
import { Failure, Skeleton } from '../design/empty-state.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { recounted, rowsOf } from './recounted.ts';

/** Rows of a line that are shown at once. */
const rowsShown = 200;

export default function DrawPage({ state, draw }: { state: PageState; draw: DrawState }) {
  const { show, drop } = draw;
  const path = `/api/shows/${show.showId}/drops/${drop.dropId}/proof`;
  const [proof, setProof] = useState<DropProof | null>(null);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const load = useCallback(() => {
    setProblem(null);
    http.get<DropProof>(path).then(setProof, (error: unknown) => setProblem(problemFrom(error)));
  }, [path]);
  useEffect(load, [load]);

  return (
    <ShopFrame state={state}>
      <p className="label mt-4 text-soft">
        {drop.isGiveaway ? 'Giveaway' : 'Drop'} in{' '}
        <a href={`/shows/${show.showId}`} className="underline underline-offset-2">
          {show.title}
        </a>
      </p>
      <h1 className="mt-1 text-3xl">{drop.title}</h1>
      {problem ? (
        <Failure title={problem.title} detail={problem.detail ?? ''} onRetry={load} />
      ) : proof ? (
        <Proof proof={proof} />
      ) : (
        <Skeleton className="mt-6 h-40" />
      )}
      <HowToCheck draw={draw} path={path} />
    </ShopFrame>
  );
}

function Proof({ proof }: { proof: DropProof }) {
  return (
    <>
      <Verdict proof={proof} />
      <Promises proof={proof} />
      {proof.variants.map(({ variantId, title, quantity }) => (
        <Line
          key={variantId}
          proof={proof}
          variantId={variantId}
          title={`${title || 'The line'}: ${quantity} ${quantity === 1 ? 'piece' : 'pieces'}`}
        />
      ))}
    </>
  );
}

function Verdict({ proof }: { proof: DropProof }) {
  const { why, served } = useMemo(() => recounted(proof), [proof]);
  const entries = `${proof.entries.length} ${proof.entries.length === 1 ? 'entry' : 'entries'}`;
  if (why !== null)
    return (
      <p role="alert" className="mt-5 rounded-card bg-urgent-mist px-5 py-4 text-urgent">
        <b>This order is wrong:</b> {why}.
      </p>
    );
  return (
    <p role="status" className="mt-5 rounded-card bg-sunken px-5 py-4">
      {proof.stages.length === 0 ? (
        <>
          <b>Not opened yet.</b> {entries} so far. The seed is fixed already and stays secret until
          the opening.
        </>
      ) : (
        <>
          <b>Recounted in this browser: it is right.</b> {entries}, {served} served, each in their
          turn.
        </>
      )}
    </p>
  );
}

function Promises({ proof }: { proof: DropProof }) {
  return (
    <section className="mt-8">
      <h2 className="text-xl">What was promised before anybody entered</h2>
      <p className="mt-1 max-w-[62ch] text-sm text-soft">
        The shop fixed a secret seed for each stage and showed its fingerprint. Every entry added
        words of its own. Seed and words together make the order, so neither the shop alone nor a
        buyer alone could choose it.
      </p>
      <ol className="mt-3 grid gap-3">
        {proof.seedCommitments.map((commitment, stage) => {
          const seed = proof.stages.find((one) => one.stage === stage)?.seed;
          return (
            <li key={commitment} className="rounded-control border border-line px-4 py-3 text-sm">
              <p className="font-semibold">{proof.tiers[stage] ?? 'Everybody'}</p>
              <p className="mt-1 text-soft">
                Fingerprint <code className="break-all text-text">{commitment}</code>
              </p>
              <p className="text-soft">
                Seed{' '}
                {seed === undefined ? (
                  'not told yet'
                ) : (
                  <code className="break-all text-text">{seed}</code>
                )}
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Line({ proof, variantId, title }: { proof: DropProof; variantId: string; title: string }) {
  const rows = useMemo(() => rowsOf(proof, variantId), [proof, variantId]);
  const [shown, setShown] = useState(rowsShown);
  const hasTiers = proof.tiers.length > 0;
  if (rows.length === 0) return null;
  return (
    <section className="mt-8">
      <h2 className="text-xl">{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
      <section aria-label={title} tabIndex={0} className="mt-3 overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead className="text-soft">
            <tr>
              {['Place', 'Entry', ...(hasTiers ? ['Tier'] : []), 'Words', 'Outcome'].map((name) => (
                <th key={name} scope="col" className="py-2 pr-4 font-semibold">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(({ place, entry, tier, words, outcome }) => (
              <tr key={entry} className="border-t border-line">
                <td className="py-2 pr-4">{place}</td>
                <td className="py-2 pr-4">{entry}</td>
                {hasTiers ? <td className="py-2 pr-4">{tier ?? ''}</td> : null}
                <td className="py-2 pr-4">
                  <code className="break-all">{words}</code>
                </td>
                <td className="py-2 pr-4">{outcome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > shown ? (
        <Button className="mt-4" onClick={() => setShown(shown + rowsShown)}>
          Show more of {rows.length}
        </Button>
      ) : null}
    </section>
  );
}

function HowToCheck({ draw: { show, drop }, path }: { draw: DrawState; path: string }) {
  return (
    <details className="mt-10 mb-8 rounded-card bg-sunken px-5 py-4 text-sm">
      <summary className="min-h-11 content-center font-semibold">
        How to check it without this page
      </summary>
      <div className="grid gap-2 pb-2 text-soft">
        <p>
          {show.hasEnded
            ? 'With Rialto’s source on any machine, one command recomputes the show’s whole log and recounts this order from it:'
            : 'When the show has ended its whole log is public, and one command of Rialto’s source recounts this order from it:'}
        </p>
        <pre className="rounded-control bg-card p-3 text-xs break-all whitespace-pre-wrap text-text">
          npm run verify -- {location.origin}/shows/{show.showId}/drops/{drop.dropId}
        </pre>
        <p>
          What no count can show: whether the shop itself was the last to enter, knowing its seed.
        </p>
        <p>
          What this page read:{' '}
          <a href={path} className="underline underline-offset-2">
            the proof as JSON
          </a>
          .
        </p>
      </div>
    </details>
  );
}
