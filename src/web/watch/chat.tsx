// The room's chat. It keeps to the newest line unless the reader scrolled away; lines can be answered by
// touch, mouse and keyboard (arrows choose a line, Enter answers it). Nothing here is announced to screen
// readers by itself: a busy room would never let them hear an offer.

import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CommentReply } from '../../protocol/comment-claim.ts';
import type { ChatLine } from '../../protocol/room.ts';
import { Button } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { ReplyIcon } from '../design/icons.tsx';
import type { PendingChat } from '../live/live-state.ts';

// Comes with the shop's first answer to somebody.
const ReplyLine = lazy(() => import('./reply-line.tsx'));

export type ReplyTarget = { readonly messageId: string; readonly name: string };

type ChatProps = {
  readonly lines: readonly ChatLine[];
  readonly pending?: readonly PendingChat[];
  /** What the shop answered to my comments: lines that nobody else has. */
  readonly replies?: readonly CommentReply[];
  readonly meId: string | null;
  readonly gap?: boolean;
  readonly empty: string;
  readonly onReply?: (target: ReplyTarget) => void;
  readonly onRemove?: ((line: ChatLine) => void) | undefined;
  /** May this person take every line away, not only their own? */
  readonly isCrew?: boolean;
  readonly onRetry?: (id: string) => void;
  readonly onForget?: (id: string) => void;
};

/** How near the lower end still counts as reading along. */
const followPx = 48;

const noReplies: readonly CommentReply[] = [];

/** Lines and replies in the order of the log. */
const rowsOf = (lines: readonly ChatLine[], replies: readonly CommentReply[]) =>
  replies.length === 0 ? lines : [...lines, ...replies].sort((a, b) => a.seq - b.seq);

export function Chat({
  lines,
  pending = [],
  replies = noReplies,
  meId,
  gap = false,
  empty,
  onReply,
  onRemove,
  isCrew = false,
  onRetry,
  onForget,
}: ChatProps) {
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [isAway, setAway] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const last = lines.at(-1)?.messageId;
  const pendingCount = pending.length;
  const lastReply = replies.at(-1)?.seq;
  const rows = useMemo(() => rowsOf(lines, replies), [lines, replies]);
  const byId = useMemo(() => new Map(lines.map((line) => [line.messageId, line])), [lines]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when a line comes, not when it renders.
  useLayoutEffect(() => {
    const element = list.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [last, pendingCount, lastReply]);

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    // The keyboard, the card or the window changed the height, or a line grew: stay at the end.
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);

  const toEnd = () => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  const move = (event: React.KeyboardEvent) => {
    const at = lines.findIndex(({ messageId }) => messageId === chosen);
    const line = lines[at];
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const to = chosen === null ? lines.length - 1 : at + (event.key === 'ArrowUp' ? -1 : 1);
      const next = lines[Math.max(0, Math.min(lines.length - 1, to))];
      if (!next) return;
      event.preventDefault();
      setChosen(next.messageId);
      document.getElementById(`line-${next.messageId}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && line && event.target === event.currentTarget) {
      onReply?.(line);
    } else if (event.key === 'Escape') setChosen(null);
  };

  return (
    <div className="relative flex h-full min-h-0 flex-col justify-end">
      <div
        ref={list}
        role="log"
        aria-live="off"
        aria-label="Chat"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
        tabIndex={0}
        onKeyDown={move}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < followPx;
          setAway(!follows.current);
        }}
        className="watch-chat-fade max-h-full overflow-y-auto overscroll-contain py-2 pr-2 [scrollbar-width:none] max-lg:pt-14 max-lg:[text-shadow:0_1px_3px_rgb(0_0_0/0.7)] lg:pr-5"
      >
        <ol className="grid grid-cols-[minmax(0,1fr)] content-start gap-0.5">
          {gap ? (
            <li className="py-1 text-xs text-white/85">
              Some lines from while you were away are left out.
            </li>
          ) : null}
          {rows.length === 0 && pendingCount === 0 ? (
            <li className="py-1 text-sm text-white/85 lg:text-soft">{empty}</li>
          ) : null}
          {rows.map((row) =>
            'answer' in row ? (
              <Suspense key={`reply-${row.seq}`} fallback={null}>
                <ReplyLine reply={row} />
              </Suspense>
            ) : (
              <Line
                key={row.messageId}
                line={row}
                answered={row.replyTo ? byId.get(row.replyTo) : undefined}
                isMine={row.personId === meId}
                isChosen={chosen === row.messageId}
                onChoose={() => setChosen(chosen === row.messageId ? null : row.messageId)}
                onReply={onReply}
                onRemove={isCrew || row.personId === meId ? onRemove : undefined}
              />
            ),
          )}
          {pending.map((line) => (
            <PendingLine key={line.id} line={line} onRetry={onRetry} onForget={onForget} />
          ))}
        </ol>
      </div>
      {isAway ? (
        <Button
          look="veil"
          size="small"
          className="absolute! bottom-2 left-1/2 -translate-x-1/2 lg:bg-sunken"
          onClick={toEnd}
        >
          Newest lines ↓
        </Button>
      ) : null}
    </div>
  );
}

const roleWords: Readonly<Record<ChatLine['role'], string | null>> = {
  owner: 'Shop',
  host: 'Host',
  moderator: 'Moderator',
  shopper: null,
};

function Line({
  line,
  answered,
  isMine,
  isChosen,
  onChoose,
  onReply,
  onRemove,
}: {
  line: ChatLine;
  answered: ChatLine | undefined;
  isMine: boolean;
  isChosen: boolean;
  onChoose: () => void;
  onReply: ((target: ReplyTarget) => void) | undefined;
  onRemove: ((line: ChatLine) => void) | undefined;
}) {
  const role = roleWords[line.role];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list moves the choice by its arrow keys.
    <li
      id={`line-${line.messageId}`}
      onClick={onChoose}
      className={classes(
        'rounded-xl py-1 text-[15px] leading-snug break-words text-white',
        role && 'my-1 border-l-3 border-gold bg-[rgb(18_16_14/0.62)] py-2 pr-3 pl-3 lg:bg-sunken',
        isChosen && 'bg-[rgb(18_16_14/0.72)] px-2 lg:bg-sunken',
      )}
    >
      {answered ? (
        <span className="mb-0.5 flex items-center gap-1 text-xs text-white/90 lg:text-soft">
          <ReplyIcon className="size-3 shrink-0" />
          <span className="truncate">
            {answered.name}: {answered.text}
          </span>
        </span>
      ) : null}
      {role ? <Mark>{role}</Mark> : line.first ? <Mark>First time</Mark> : null}
      <b className="font-semibold">{line.name}</b>
      {isMine ? <span className="text-white/90"> (you)</span> : null} <span>{line.text}</span>
      {isChosen ? (
        <span className="mt-1 flex gap-2">
          {onReply ? (
            <Button
              size="small"
              look="veil"
              className="lg:bg-card"
              onClick={(event) => {
                event.stopPropagation();
                onReply(line);
              }}
            >
              Reply
            </Button>
          ) : null}
          {onRemove ? (
            <Button
              size="small"
              look="veil"
              className="lg:bg-card"
              onClick={(event) => {
                event.stopPropagation();
                onRemove(line);
              }}
            >
              Remove
            </Button>
          ) : null}
        </span>
      ) : null}
    </li>
  );
}

function Mark({ children }: { children: string }) {
  return (
    <span className="mr-1.5 inline-block rounded-chip bg-white/20 px-2 py-0.5 align-[1px] text-xs font-semibold lg:bg-accent-mist lg:text-accent">
      {children}
    </span>
  );
}

function PendingLine({
  line,
  onRetry,
  onForget,
}: {
  line: PendingChat;
  onRetry: ((id: string) => void) | undefined;
  onForget: ((id: string) => void) | undefined;
}) {
  const isRefused = line.state === 'refused';
  return (
    <li className="py-1 text-[15px] leading-snug break-words text-white">
      <b className="font-semibold">You</b>{' '}
      <span className={isRefused ? undefined : 'opacity-80'}>{line.text}</span>
      {isRefused ? (
        <span className="mt-1 block rounded-xl bg-[rgb(18_16_14/0.78)] p-2 text-xs" role="alert">
          <b>{line.problem?.title ?? 'Not sent'}.</b> {line.problem?.detail}
          <span className="mt-1.5 flex gap-2">
            <Button size="small" look="quiet" onClick={() => onRetry?.(line.id)}>
              Send again
            </Button>
            <Button size="small" look="veil" onClick={() => onForget?.(line.id)}>
              Discard
            </Button>
          </span>
        </span>
      ) : (
        <span className="ml-1.5 text-xs text-white/90">sending…</span>
      )}
    </li>
  );
}
