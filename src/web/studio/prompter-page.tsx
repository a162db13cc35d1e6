// The prompter: the notes of the segment that runs and of the next, large, in a window of its own for a screen by the
// camera. Everything by keys; as it was set it comes back.

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { LoadFailure } from '../crew/problem-note.tsx';
import { showQuery } from '../crew/shop-data.ts';
import { beatWord } from '../crew/words.ts';
import { Button, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { durationText, useTick } from '../design/clock.tsx';
import { useCrewSegments } from './crew-segments.ts';
import { DeskProvider, useDesk, useRoom } from './desk.tsx';
import { Key } from './key.tsx';
import { lookFrom, type PrompterWish, prompterWish, withWish } from './prompter.ts';

const keptUnder = 'rialto-prompter';

export function PrompterPage({ showId }: { showId: string }) {
  const detail = useQuery({ ...showQuery(showId), staleTime: Number.POSITIVE_INFINITY });
  useEffect(() => {
    document.documentElement.dataset.theme = 'night';
    document.title = 'Prompter';
    return () => {
      document.documentElement.dataset.theme = 'day';
    };
  }, []);
  if (detail.isError)
    return (
      <main className="grid min-h-dvh place-items-center">
        <LoadFailure error={detail.error} onRetry={() => void detail.refetch()} />
      </main>
    );
  if (!detail.data)
    return (
      <main className="grid min-h-dvh place-items-center" aria-busy="true">
        <p className="flex items-center gap-3 text-sm text-soft">
          <Spinner /> Opening the prompter …
        </p>
      </main>
    );
  return (
    <DeskProvider showId={showId} room={detail.data.room}>
      <Prompter />
    </DeskProvider>
  );
}

function Prompter() {
  useTick();
  const { client } = useDesk();
  const segments = useCrewSegments();
  const segmentId = useRoom((room) => room.segmentId);
  const sinceMs = useRoom((room) => room.segmentSinceMs);
  const [look, setLook] = useState(() => lookFrom(localStorage.getItem(keptUnder)));
  const text = useRef<HTMLElement>(null);
  const at = segments.findIndex((one) => one.segmentId === segmentId);
  const now = segments[at];
  const next = segments[at + 1];
  const leftMs = now && sinceMs !== null ? now.minutes * 60_000 - (client.nowMs() - sinceMs) : null;

  useEffect(() => localStorage.setItem(keptUnder, JSON.stringify(look)), [look]);
  // What begins is read from its head.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new segment is the reason.
  useEffect(() => text.current?.scrollTo({ top: 0 }), [segmentId]);
  useEffect(() => {
    if (!look.running) return;
    let last = performance.now();
    // Fractions of a pixel would be lost in the element itself.
    let top = text.current?.scrollTop ?? 0;
    let frame = requestAnimationFrame(function rise(nowMs) {
      top += ((nowMs - last) / 1_000) * look.pace;
      last = nowMs;
      text.current?.scrollTo({ top });
      frame = requestAnimationFrame(rise);
    });
    return () => cancelAnimationFrame(frame);
  }, [look.running, look.pace]);

  const wish = useCallback((one: PrompterWish) => {
    if (one === 'whole-screen') {
      if (document.fullscreenElement) void document.exitFullscreen();
      else document.documentElement.requestFullscreen?.().catch(() => {});
    } else if (one === 'top') text.current?.scrollTo({ top: 0 });
    else setLook((before) => withWish(before, one));
  }, []);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      // A button that has the focus takes Space itself.
      if (event.key === ' ' && event.target instanceof HTMLButtonElement) return;
      const one = prompterWish(event.key);
      if (!one) return;
      event.preventDefault();
      wish(one);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [wish]);

  return (
    <main className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto] bg-black text-white">
      <header className="flex items-baseline gap-4 px-6 py-3">
        <h1 className="min-w-0 flex-1 truncate font-sans text-xl font-semibold tracking-normal">
          {now ? now.title : segments.length === 0 ? 'No run of show' : 'Not begun yet'}
        </h1>
        {now ? <span className="text-white/75">{beatWord(now.beat)}</span> : null}
        {leftMs === null ? null : (
          <span className={classes('figure text-3xl', leftMs < 0 && 'text-vermilion-light')}>
            <span className="sr-only">{leftMs < 0 ? 'over by ' : 'left '}</span>
            {leftMs < 0 ? '+' : ''}
            {durationText(Math.abs(leftMs) / 1_000)}
          </span>
        )}
      </header>
      <section
        ref={text}
        // Read by scrolling, so it must be reachable by keys.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
        tabIndex={0}
        aria-label="Notes"
        data-mirrored={look.mirrored || undefined}
        className={classes(
          'overflow-y-auto px-[6vw] pb-[60dvh] leading-snug',
          look.mirrored && '-scale-x-100',
        )}
        style={{ fontSize: look.size }}
      >
        <p className="font-semibold whitespace-pre-line">
          {now ? now.notes || 'No notes for this segment.' : (segments[0]?.notes ?? '')}
        </p>
        {now && next ? (
          <div className="mt-[0.8em] border-t border-white/30 pt-[0.4em] text-white/75">
            <h2 className="font-sans text-[0.5em] font-semibold tracking-normal">
              Next: {next.title} · {beatWord(next.beat)} · {next.minutes} min
            </h2>
            <p className="text-[0.7em] whitespace-pre-line">{next.notes}</p>
          </div>
        ) : null}
      </section>
      <footer className="flex flex-wrap items-center gap-2 px-4 py-2">
        <Button look="veil" aria-pressed={look.running} onClick={() => wish('run')}>
          {look.running ? 'Stop' : 'Run'} <Key>Space</Key>
        </Button>
        <Button look="veil" aria-label="Slower" onClick={() => wish('slower')}>
          <Key>←</Key>
          <span aria-hidden="true" className="lg:hidden">
            ←
          </span>
        </Button>
        <span className="w-16 text-center text-sm">pace {look.pace}</span>
        <Button look="veil" aria-label="Faster" onClick={() => wish('faster')}>
          <Key>→</Key>
          <span aria-hidden="true" className="lg:hidden">
            →
          </span>
        </Button>
        <Button look="veil" onClick={() => wish('smaller')}>
          Smaller <Key>−</Key>
        </Button>
        <Button look="veil" onClick={() => wish('larger')}>
          Larger <Key>+</Key>
        </Button>
        <Button look="veil" aria-pressed={look.mirrored} onClick={() => wish('mirror')}>
          Mirrored <Key>M</Key>
        </Button>
        <Button look="veil" onClick={() => wish('whole-screen')}>
          Whole screen <Key>F</Key>
        </Button>
      </footer>
    </main>
  );
}
