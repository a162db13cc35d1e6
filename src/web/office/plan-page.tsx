// Planning a show, new or known: what it is, when, what it sells, and how the evening runs. Everything
// stands on one page with the evening's line beside it. What was typed stays until the shop has it.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Beat, type ShowKind, showKinds, type WatchWay } from '../../base/words.ts';
import type { ShowDetail } from '../../protocol/http.ts';
import type { Room } from '../../protocol/room.ts';
import { LoadFailure, ProblemNote } from '../crew/problem-note.tsx';
import { ask, showQuery } from '../crew/shop-data.ts';
import { beatWords, kindPromises, kindWords } from '../crew/words.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeText } from '../design/clock.tsx';
import { Dialog } from '../design/dialog.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { Field } from '../design/field.tsx';
import { moneyText } from '../design/money.tsx';
import { toast } from '../design/toast.tsx';
import { newId } from '../live/http-client.ts';
import { RehearsalList } from '../rehearsal/rehearsal-list.tsx';
import { RehearseButton } from '../rehearsal/rehearse-button.tsx';
import { AccessEditor, MaterialsEditor } from './access-part.tsx';
import { CommentClaimsPart } from './comment-claims-part.tsx';
import { CoverPart } from './cover-part.tsx';
import { DisclosureNote } from './disclosure-note.tsx';
import { OtherPlayerPart } from './other-player-part.tsx';
import { PageHead } from './page-head.tsx';
import {
  changedParts,
  isUntouched,
  minutesOf,
  momentOf,
  newPlan,
  type PlanForm,
  planBody,
  planOf,
  planProblems,
  type SegmentRow,
  segmentBodies,
  segmentEdits,
  templateRows,
  totalMinutes,
} from './plan-form.ts';
import { RunEditor } from './run-editor.tsx';
import { SeriesPart } from './series-part.tsx';
import { ShelfEditor, type ShelfItem } from './shelf-editor.tsx';
import { StakeFields } from './stake-fields.tsx';
import { TemplateOffer } from './template-offer.tsx';
import { WatchByPart, WatchChoices } from './watch-by-part.tsx';

const nothingReady = { shelf: [], lots: [], drops: [] };
const newSegmentId = () => `s${newId().slice(0, 10)}`;

export function NewShowPage() {
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [start] = useState(() => newPlan(Date.now(), newSegmentId));
  const [key] = useState(newId);
  const [watchBy, setWatchBy] = useState<WatchWay>('webrtc');
  const plan = useMutation({
    mutationFn: (form: PlanForm) => ask.planShow({ ...planBody(form), watchBy }, key),
    onSuccess: async (show) => {
      await cache.invalidateQueries({ queryKey: ['shows'] });
      toast(`“${show.title}” is planned`, { look: 'good' });
      await navigate({ to: '/office/shows' });
    },
  });
  return (
    <>
      <PageHead title="Plan a show" back={{ to: '/office/shows', name: 'Shows' }} />
      <PlanEditor
        start={start}
        shelf={[]}
        saveWords="Plan this show"
        saving={plan.isPending}
        error={plan.error}
        onSave={(form) => plan.mutate(form)}
      >
        <Part title="How viewers watch">
          <fieldset className="grid gap-3">
            <legend className="sr-only">How viewers watch</legend>
            <WatchChoices value={watchBy} onChoose={setWatchBy} />
          </fieldset>
        </Part>
      </PlanEditor>
    </>
  );
}

export function EditShowPage({ showId }: { showId: string }) {
  const detail = useQuery({ ...showQuery(showId), refetchOnWindowFocus: false });
  if (detail.isError && !detail.data)
    return <LoadFailure error={detail.error} onRetry={() => void detail.refetch()} />;
  if (!detail.data) {
    return (
      <div className="grid gap-4" aria-busy="true">
        <Skeleton className="h-14 w-2/3" />
        <Skeleton className="h-40 rounded-card" />
        <Skeleton className="h-96 rounded-card" />
      </div>
    );
  }
  return <EditShow detail={detail.data} />;
}

function EditShow({ detail }: { detail: ShowDetail }) {
  const { showId, phase, title } = detail.show;
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [before, setBefore] = useState(() => planOf(detail));
  const [cancelling, setCancelling] = useState(false);
  const shelf = useMemo(() => shelfOf(detail), [detail]);
  const save = useMutation({
    mutationFn: async (form: PlanForm) => {
      const parts = changedParts(before, form);
      if (parts.plan) {
        const { title: name, showKind, startsAtMs, ...rest } = planBody(form);
        const { disclosure, partner, minutes = null, access, materials } = rest;
        await ask.changePlan(showId, {
          title: name,
          showKind,
          startsAtMs,
          minutes,
          ...(disclosure ? { disclosure } : {}),
          ...(partner === undefined ? {} : { partner }),
          ...(access ? { access } : {}),
          ...(materials ? { materials } : {}),
        });
      }
      // The shelf before the segments: a segment may name a product that has just come.
      if (parts.shelf) await ask.stockShelf(showId, form.productIds);
      const edits = segmentEdits(segmentBodies(before), segmentBodies(form));
      if (edits.length > 0) await ask.editSegments(showId, edits);
      return form;
    },
    onSuccess: (form) => {
      setBefore(form);
      void cache.invalidateQueries({ queryKey: ['shows'] });
      toast('Saved', { look: 'good' });
    },
  });
  const cancel = useMutation({
    mutationFn: () => ask.cancelShow(showId),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['shows'] });
      await navigate({ to: '/office/shows' });
    },
  });

  if (phase === 'ended' || phase === 'cancelled') {
    return (
      <>
        <PageHead title={title} back={{ to: '/office/shows', name: 'Shows' }} />
        <EmptyState
          title={phase === 'ended' ? 'This show is over' : 'This show was cancelled'}
          action={
            <ButtonLink href={`/shows/${encodeURIComponent(showId)}`}>See its page</ButtonLink>
          }
        >
          What was shown and sold stays as it was.
        </EmptyState>
        {phase === 'ended' ? <CoverPart detail={detail} /> : null}
      </>
    );
  }
  return (
    <>
      <PageHead
        title={title}
        back={{ to: '/office/shows', name: 'Shows' }}
        note={
          phase === 'live'
            ? 'It is live: shelf, run of show and the way of watching can still change, title and time no more.'
            : undefined
        }
        actions={
          <>
            {phase === 'planned' ? (
              <Button look="plain" onClick={() => setCancelling(true)}>
                Cancel the show …
              </Button>
            ) : null}
            {phase === 'planned' ? <RehearseButton showId={showId} /> : null}
            <ButtonLink look="plain" href={`/studio/${encodeURIComponent(showId)}/check`}>
              Check before you go live
            </ButtonLink>
            <ButtonLink look="quiet" href={`/studio/${encodeURIComponent(showId)}`}>
              Open the studio
            </ButtonLink>
          </>
        }
      />
      <PlanEditor
        start={before}
        room={detail.room}
        shelf={shelf}
        planFixed={phase === 'live'}
        saveWords="Save"
        saving={save.isPending}
        error={save.error}
        onSave={(form) => save.mutate(form)}
      />
      <SeriesPart showId={showId} />
      <CoverPart detail={detail} />
      <WatchByPart showId={showId} room={detail.room} />
      <OtherPlayerPart showId={showId} />
      <CommentClaimsPart showId={showId} room={detail.room} />
      <RehearsalList showId={showId} />
      <Dialog
        open={cancelling}
        onClose={() => setCancelling(false)}
        title="Cancel this show?"
        footer={
          <div className="flex justify-end gap-2">
            <Button look="plain" onClick={() => setCancelling(false)}>
              Keep it
            </Button>
            <Button look="urgent" busy={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel the show
            </Button>
          </div>
        }
      >
        <p className="text-sm">
          Its page stays and says that it was cancelled. This can’t be taken back.
        </p>
        <ProblemNote error={cancel.error} className="mt-4" />
      </Dialog>
    </>
  );
}

const shelfOf = ({ room }: ShowDetail): readonly ShelfItem[] =>
  room.shelf.map(({ productId, title, imageUrl, variants }) => {
    const low = variants.reduce<(typeof variants)[number] | null>(
      (one, variant) => (one === null || variant.price.minor < one.price.minor ? variant : one),
      null,
    );
    return { productId, title, imageUrl, note: low ? moneyText(low.price) : '' };
  });

function PlanEditor({
  start,
  room = null,
  shelf,
  planFixed = false,
  saveWords,
  saving,
  error,
  onSave,
  children,
}: {
  start: PlanForm;
  /** Of a show that is planned already. */
  room?: Room | null;
  shelf: readonly ShelfItem[];
  planFixed?: boolean;
  saveWords: string;
  saving: boolean;
  error: unknown;
  onSave: (form: PlanForm) => void;
  /** Parts that only this use has, after those of every plan. */
  children?: ReactNode;
}) {
  const [form, setForm] = useState(start);
  const [items, setItems] = useState(shelf);
  const [tried, setTried] = useState(false);
  const all = planProblems(form);
  const problems = tried ? all : {};
  const parts = changedParts(start, form);
  const changed = parts.plan || parts.segments || parts.shelf;
  const set = (change: Partial<PlanForm>) => setForm((before) => ({ ...before, ...change }));

  // A form with changes asks before the page goes.
  useEffect(() => {
    if (!changed) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [changed]);

  const chooseKind = (showKind: ShowKind) =>
    set(
      isUntouched(form)
        ? { showKind, segments: templateRows(showKind, newSegmentId) }
        : { showKind },
    );

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(all).length === 0) return onSave(form);
        requestAnimationFrame(() =>
          document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
        );
      }}
      className="grid grid-cols-[minmax(0,1fr)] items-start gap-10 xl:grid-cols-[minmax(0,1fr)_320px]"
    >
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-12">
        <Part title="The evening">
          <div className="grid gap-5">
            <Field
              label="Title"
              value={form.title}
              error={problems.title}
              disabled={planFixed}
              placeholder="Kiln night no. 10"
              maxLength={160}
              onChange={(event) => set({ title: event.target.value })}
            />
            <fieldset disabled={planFixed}>
              <legend className="mb-2 text-sm font-semibold">Kind</legend>
              <div className="grid gap-3 sm:grid-cols-2">
                {showKinds.map((kind) => (
                  <KindCard
                    key={kind}
                    kind={kind}
                    chosen={form.showKind === kind}
                    onChoose={() => chooseKind(kind)}
                  />
                ))}
              </div>
            </fieldset>
            <div className="grid items-start gap-5 sm:grid-cols-2">
              <Field
                label="Begins"
                type="datetime-local"
                value={form.startsAt}
                error={problems.startsAt}
                disabled={planFixed}
                onChange={(event) => set({ startsAt: event.target.value })}
              />
              <Field
                label="Minutes in all, if you have only so many"
                inputMode="decimal"
                value={form.length}
                error={problems.length}
                disabled={planFixed}
                placeholder={String(totalMinutes(form.segments))}
                onChange={(event) => set({ length: event.target.value })}
              />
              <StakeFields form={form} disabled={planFixed} onChange={set} />
            </div>
          </div>
        </Part>
        <Part title="The shelf" note="In this order; keys 1 to 9 pin them in the studio.">
          <ShelfEditor
            items={items}
            onChange={(next) => {
              setItems(next);
              set({ productIds: next.map(({ productId }) => productId) });
            }}
          />
        </Part>
        <Part title="Who gets in">
          <AccessEditor form={form} problems={problems} disabled={planFixed} onChange={set} />
        </Part>
        <Part
          title="Materials"
          note="What people should have at hand. They see it before the show and buy what is on the shelf."
        >
          <MaterialsEditor
            rows={form.materials}
            shelf={items}
            problems={problems}
            disabled={planFixed}
            newId={newSegmentId}
            onChange={(materials) => set({ materials })}
          />
        </Part>
        <Part
          title="Run of show"
          note="Each step is a beat of the story. Drag by the handle, or use its arrow keys."
        >
          <TemplateOffer
            form={form}
            newId={newSegmentId}
            onTake={(segments) => set({ segments })}
          />
          <RunEditor
            form={form}
            shelf={items}
            ready={room ?? nothingReady}
            problems={problems}
            newId={newSegmentId}
            onChange={(segments) => set({ segments })}
          />
        </Part>
        {children}
      </div>
      <aside className="sticky top-8 grid grid-cols-[minmax(0,1fr)] gap-5 rounded-sheet border border-line bg-card p-6 shadow-card max-xl:static">
        <Evening form={form} />
        {room ? <DisclosureNote form={form} room={room} /> : null}
        <ProblemNote error={error} />
        {tried && Object.keys(all).length > 0 ? (
          <p role="alert" className="text-sm font-semibold text-urgent">
            {Object.keys(all).length === 1
              ? 'One field is'
              : `${Object.keys(all).length} fields are`}{' '}
            still to be corrected.
          </p>
        ) : null}
        <Button
          type="submit"
          look="strong"
          size="large"
          busy={saving}
          disabled={!changed && saveWords === 'Save'}
        >
          {changed || saveWords !== 'Save' ? saveWords : 'Saved'}
        </Button>
      </aside>
    </form>
  );
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <h2 className="text-2xl">{title}</h2>
        {note ? <p className="mt-1 text-sm text-soft">{note}</p> : null}
      </div>
      {children}
    </section>
  );
}

const beatGrounds: Record<Beat, string> = {
  hook: '#e7d9bf',
  backstory: '#ecdfca',
  demo: '#cfe4e0',
  proof: '#d9e2d2',
  questions: '#f6e7bd',
  offer: '#f3c9bf',
  community: '#e9d6e2',
  break: '#e6e2da',
};

/** The evening on one line: each segment as wide as it is long. */
function EveningLine({ rows, className }: { rows: readonly SegmentRow[]; className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={classes('flex gap-0.5 overflow-hidden rounded-lg', className)}
    >
      {rows.map((row) => (
        <span
          key={row.segmentId}
          className="h-full min-w-1"
          style={{ flexGrow: minutesOf(row.minutes) ?? 1, background: beatGrounds[row.beat] }}
        />
      ))}
    </div>
  );
}

function KindCard({
  kind,
  chosen,
  onChoose,
}: {
  kind: ShowKind;
  chosen: boolean;
  onChoose: () => void;
}) {
  const rows = useMemo(() => {
    const places = [...Array(20).keys()];
    return templateRows(kind, () => `${kind}${places.shift()}`);
  }, [kind]);
  return (
    <label className="grid cursor-pointer grid-cols-[minmax(0,1fr)] content-start gap-2 rounded-card border border-line bg-card p-4 transition-colors hover:border-soft has-checked:border-text has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:opacity-60">
      <span className="flex items-center gap-3">
        <input
          type="radio"
          name="kind"
          checked={chosen}
          onChange={onChoose}
          className="size-5 shrink-0 accent-[var(--text)] outline-none"
        />
        <b className="font-display text-lg leading-tight">{kindWords[kind]}</b>
        <span className="ml-auto text-xs text-soft">{totalMinutes(rows)} min</span>
      </span>
      <span className="text-sm text-soft">{kindPromises[kind]}</span>
      <EveningLine rows={rows} className="mt-1 h-3" />
      <span className="truncate text-xs text-soft">
        {rows.map(({ beat }) => beatWords[beat]).join(' · ')}
      </span>
    </label>
  );
}

function Evening({ form }: { form: PlanForm }) {
  const total = totalMinutes(form.segments);
  const startMs = momentOf(form.startsAt);
  let at = startMs ?? 0;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <p className="label text-soft">The evening</p>
        <p className="figure mt-1 text-3xl">
          {total} <span className="text-lg">min</span>
        </p>
        <p className="text-sm text-soft">
          {startMs === null
            ? 'No time yet'
            : `${timeText(startMs)} to ${timeText(startMs + total * 60_000)}`}
          {' · '}
          {form.productIds.length} on the shelf
        </p>
      </div>
      <EveningLine rows={form.segments} className="h-4" />
      <ol className="grid grid-cols-[minmax(0,1fr)] gap-1.5 text-sm">
        {form.segments.map((row) => {
          const shown = at;
          at += (minutesOf(row.minutes) ?? 0) * 60_000;
          return (
            <li key={row.segmentId} className="flex items-baseline gap-3">
              <span
                aria-hidden="true"
                className="size-2.5 shrink-0 translate-y-px rounded-full"
                style={{
                  background: beatGrounds[row.beat],
                  boxShadow: '0 0 0 1px rgb(23 19 15 / 0.12)',
                }}
              />
              <span className="w-11 shrink-0 text-soft">
                {startMs === null ? '' : timeText(shown)}
              </span>
              <span className="min-w-0 flex-1 truncate">{row.title || '…'}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
