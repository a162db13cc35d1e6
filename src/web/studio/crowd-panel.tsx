// The crowd on the right: what they say, what they claim and buy, who they are. The host writes here as
// one of the room, and removes what doesn't belong with a reason that the log keeps.

import { useMutation } from '@tanstack/react-query';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { limits } from '../../base/limits.ts';
import type { ChatLine } from '../../protocol/room.ts';
import type { CrewMessage } from '../../protocol/socket.ts';
import { BarIcon, TrashIcon } from '../crew/icons.tsx';
import { ReasonDialog } from '../crew/reason-dialog.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button, IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeText } from '../design/clock.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { CloseIcon, ReplyIcon, SendIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { Tabs, tabPanelProps } from '../design/tabs.tsx';
import type { CommentNews } from '../live/live-state.ts';
import { BarDialog } from './bar-dialog.tsx';
import { useDesk, useRoom, useShow } from './desk.tsx';
import { PollPanel } from './poll-panel.tsx';

type Side = 'chat' | 'sales' | 'people';

export function CrowdPanel({ composer }: { composer: RefObject<HTMLTextAreaElement | null> }) {
  const [side, setSide] = useState<Side>('chat');
  const claims = useShow((state) => state.crew).filter(
    ({ t }) => t === 'claimed' || t === 'sold',
  ).length;
  const chat = useRoom((room) => room.chat);
  const speakers = useMemo(() => speakersOf(chat), [chat]);
  return (
    <section aria-label="The crowd" className="flex min-h-0 flex-1 flex-col">
      <PollPanel />
      <Tabs
        name="crowd"
        label="The crowd"
        chosen={side}
        onChoose={setSide}
        className="border-b border-line px-2 pt-2"
        tabs={[
          { id: 'chat', label: 'Chat' },
          { id: 'sales', label: 'Sales', count: claims },
          { id: 'people', label: 'People', count: speakers.length },
        ]}
      />
      <div {...tabPanelProps('crowd', side)} className="flex min-h-0 flex-1 flex-col">
        {side === 'chat' ? (
          <Chat composer={composer} />
        ) : side === 'sales' ? (
          <Sales />
        ) : (
          <People speakers={speakers} />
        )}
      </div>
    </section>
  );
}

function Chat({ composer }: { composer: RefObject<HTMLTextAreaElement | null> }) {
  const { client } = useDesk();
  const chat = useRoom((room) => room.chat);
  const isLive = useRoom((room) => room.phase === 'live');
  const pending = useShow((state) => state.pendingChat);
  const comments = useShow((state) => state.comments);
  const outcomes = useMemo(
    () => new Map(comments.map((comment) => [comment.messageId, comment])),
    [comments],
  );
  const gap = useShow((state) => state.chatGap);
  const [replyTo, setReplyTo] = useState<ChatLine | null>(null);
  const [removing, setRemoving] = useState<ChatLine | null>(null);
  const [barring, setBarring] = useState<ChatLine | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const last = chat.at(-1)?.messageId;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new last line is what moves the list.
  useEffect(() => {
    if (following) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last, pending.length, following]);

  return (
    <>
      <div
        ref={list}
        role="log"
        aria-label="Chat"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keys.
        tabIndex={0}
        onScroll={({ currentTarget: box }) =>
          setFollowing(box.scrollHeight - box.scrollTop - box.clientHeight < 48)
        }
        className="scroll-quiet relative min-h-0 flex-1 overflow-y-auto px-4 py-2"
      >
        {gap ? (
          <p className="py-2 text-center text-xs text-soft">Some lines before these were missed.</p>
        ) : null}
        {chat.length === 0 && pending.length === 0 ? (
          <EmptyState title={isLive ? 'The room is quiet' : 'Chat opens with the show'}>
            {isLive
              ? 'Ask something that takes one word to answer.'
              : 'What the crowd writes appears here.'}
          </EmptyState>
        ) : null}
        <ul>
          {chat.map((line) => (
            <Line
              key={line.messageId}
              line={line}
              outcome={outcomes.get(line.messageId)}
              answered={
                line.replyTo ? chat.find(({ messageId }) => messageId === line.replyTo) : undefined
              }
              onReply={() => {
                setReplyTo(line);
                composer.current?.focus();
              }}
              onRemove={() => setRemoving(line)}
              onBar={line.role === 'shopper' ? () => setBarring(line) : null}
            />
          ))}
          {pending.map(({ id, text, state, problem }) => (
            <li key={id} className="border-b border-line py-2.5 text-[0.9375rem]">
              <p className={state === 'refused' ? '' : 'opacity-60'}>{text}</p>
              {state === 'refused' && problem ? (
                <div className="mt-1.5 text-xs" role="alert">
                  <p className="font-semibold text-urgent">{problem.title}</p>
                  <p className="text-soft">{problem.detail}</p>
                  <div className="mt-1.5 flex gap-2">
                    <Button size="small" onClick={() => client.retryChat(id)}>
                      Send again
                    </Button>
                    <Button size="small" look="plain" onClick={() => client.forgetChat(id)}>
                      Forget it
                    </Button>
                  </div>
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      </div>
      {following ? null : (
        <div className="relative">
          <Button
            size="small"
            look="accent"
            className="absolute! -top-11 left-1/2 -translate-x-1/2 shadow-sheet"
            onClick={() => setFollowing(true)}
          >
            To the newest
          </Button>
        </div>
      )}
      <Composer
        composer={composer}
        disabled={!isLive}
        replyTo={replyTo}
        onReplyDone={() => setReplyTo(null)}
      />
      {barring ? <BarDialog line={barring} onClose={() => setBarring(null)} /> : null}
      {removing ? <RemoveDialog line={removing} onClose={() => setRemoving(null)} /> : null}
    </>
  );
}

const roleWords: Record<string, string> = { owner: 'Owner', host: 'Host', moderator: 'Moderator' };

/** What became of a comment, in a word or two. */
const outcomeWords = ({ outcome, quantity, reason }: CommentNews): string => {
  const times = quantity > 1 ? ` × ${quantity}` : '';
  return {
    held: `Claimed${times}`,
    pay: `May pay${times}`,
    waiting: `In the line${times}`,
    refused: reason ? `Not claimed: ${reason}` : 'Not claimed',
    unclear: 'Unclear, told what to write',
  }[outcome];
};

function Line({
  line,
  outcome,
  answered,
  onReply,
  onRemove,
  onBar,
}: {
  line: ChatLine;
  outcome: CommentNews | undefined;
  answered: ChatLine | undefined;
  onReply: () => void;
  onRemove: () => void;
  onBar: (() => void) | null;
}) {
  const role = roleWords[line.role];
  return (
    <li className="group relative border-b border-line py-2.5 text-[0.9375rem] leading-snug">
      {answered ? (
        <p className="mb-0.5 truncate text-xs text-soft">
          to <b className="font-semibold">{answered.name}</b>: {answered.text}
        </p>
      ) : null}
      <p className="break-words pr-1 pointer-coarse:pr-28">
        {role ? <span className="text-sm text-accent">{role} </span> : null}
        {line.first && !role ? <span className="text-sm text-ritual">First time </span> : null}
        <b className="font-semibold">{line.name}</b> {line.text}
      </p>
      {outcome ? (
        <p
          className={classes(
            'mt-0.5 text-xs font-semibold',
            outcome.outcome === 'refused' || outcome.outcome === 'unclear'
              ? 'text-soft'
              : 'text-accent',
          )}
        >
          {outcomeWords(outcome)}
          {outcome.title ? <span className="font-normal"> · {outcome.title}</span> : null}
        </p>
      ) : null}
      <span className="absolute top-1 right-0 flex gap-2 rounded-full bg-card opacity-0 shadow-card transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:bg-transparent pointer-coarse:text-soft pointer-coarse:opacity-100 pointer-coarse:shadow-none">
        <IconButton label={`Reply to ${line.name}`} size="small" onClick={onReply}>
          <ReplyIcon className="size-4" />
        </IconButton>
        <IconButton label={`Remove the message of ${line.name}`} size="small" onClick={onRemove}>
          <TrashIcon className="size-4" />
        </IconButton>
        {onBar ? (
          <IconButton label={`Bar ${line.name} from buying`} size="small" onClick={onBar}>
            <BarIcon className="size-4" />
          </IconButton>
        ) : null}
      </span>
    </li>
  );
}

function Composer({
  composer,
  disabled,
  replyTo,
  onReplyDone,
}: {
  composer: RefObject<HTMLTextAreaElement | null>;
  disabled: boolean;
  replyTo: ChatLine | null;
  onReplyDone: () => void;
}) {
  const { client } = useDesk();
  const phase = useRoom((room) => room.phase);
  const [text, setText] = useState('');
  const placeholder =
    phase === 'live'
      ? 'Write to the room'
      : phase === 'planned'
        ? 'Chat opens with the show'
        : 'The room is closed';
  const left = limits.chatTextMax - text.length;
  const send = () => {
    const trimmed = text.trim();
    if (trimmed === '' || left < 0) return;
    client.chat(trimmed, replyTo?.messageId ?? null);
    setText('');
    onReplyDone();
  };
  return (
    <form
      className="border-t border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {replyTo ? (
        <p className="mb-2 flex items-center gap-2 text-xs text-soft">
          <span className="min-w-0 flex-1 truncate">
            Answer to <b className="text-text">{replyTo.name}</b>: {replyTo.text}
          </span>
          <IconButton label="Don’t answer this one" size="small" onClick={onReplyDone}>
            <CloseIcon className="size-4" />
          </IconButton>
        </p>
      ) : null}
      <div className="flex items-end gap-2">
        <textarea
          ref={composer}
          rows={1}
          value={text}
          disabled={disabled}
          aria-label="Write as host"
          placeholder={placeholder}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              send();
            }
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          className="field-sizing-content max-h-32 min-h-11 flex-1 resize-none rounded-control border border-line bg-card px-3.5 py-2.5 text-base placeholder:text-soft disabled:opacity-60"
        />
        <IconButton
          label="Send"
          type="submit"
          look="strong"
          disabled={disabled || text.trim() === '' || left < 0}
        >
          <SendIcon />
        </IconButton>
      </div>
      {left < 80 ? (
        <p
          className={classes(
            'mt-1 text-right text-xs',
            left < 0 ? 'font-semibold text-urgent' : 'text-soft',
          )}
        >
          {left < 0 ? `${-left} characters too many` : `${left} left`}
        </p>
      ) : null}
    </form>
  );
}

const reasons = ['Spam', 'Insult', 'Personal data', 'Beside the point'];

function RemoveDialog({ line, onClose }: { line: ChatLine; onClose: () => void }) {
  const { showId } = useDesk();
  const remove = useMutation({
    mutationFn: (reason: string) => ask.removeMessage(showId, line.messageId, reason),
    onSuccess: onClose,
  });
  return (
    <ReasonDialog
      title="Remove this message?"
      legend="Reason, for the log"
      reasons={reasons}
      action="Remove"
      leave="Keep it"
      busy={remove.isPending}
      error={remove.error}
      onReason={(reason) => remove.mutate(reason)}
      onClose={onClose}
    >
      <blockquote className="mb-4 rounded-control bg-sunken px-4 py-3 text-sm">
        <b>{line.name}</b> {line.text}
      </blockquote>
    </ReasonDialog>
  );
}

function Sales() {
  const crew = useShow((state) => state.crew);
  const lines = crew
    .filter(
      (one): one is SaleNews =>
        one.t === 'claimed' || one.t === 'sold' || one.t === 'expired' || one.t === 'second-chance',
    )
    .reverse();
  if (lines.length === 0) {
    return (
      <EmptyState title="Nothing claimed yet">
        Claims, payments and carts that ran out appear here as they happen.
      </EmptyState>
    );
  }
  return (
    <ul
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keys.
      tabIndex={0}
      aria-label="Claims and sales"
      className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-4 py-2"
    >
      {lines.map((line) => (
        <SaleLine key={`${line.t}-${line.seq}-${line.atMs}-${line.title}`} line={line} />
      ))}
    </ul>
  );
}

type SaleNews = Extract<CrewMessage, { t: 'claimed' | 'sold' | 'expired' | 'second-chance' }>;

function SaleLine({ line }: { line: SaleNews }) {
  const quantity = line.t === 'second-chance' ? 1 : line.quantity;
  const units = quantity === 1 ? '' : `${quantity} × `;
  return (
    <li className="flex items-baseline gap-3 border-b border-line py-2.5 text-[0.9375rem] leading-snug">
      <time className="w-10 shrink-0 text-xs text-soft">{timeText(line.atMs)}</time>
      <span className="min-w-0 flex-1">
        {line.t === 'claimed' ? (
          <>
            <b className="font-semibold">{line.name || 'Somebody'}</b>{' '}
            <span className="text-soft">has in the cart</span>{' '}
          </>
        ) : line.t === 'sold' ? (
          <span className="font-semibold text-accent">Sold </span>
        ) : line.t === 'second-chance' ? (
          <span className="font-semibold text-ritual">To the runner-up: </span>
        ) : (
          <span className="text-soft">Back on offer: </span>
        )}
        {units}
        {line.title}
      </span>
      {line.t === 'expired' ? null : (
        <span
          className={classes(
            'whitespace-nowrap text-sm',
            line.t === 'sold' ? 'font-semibold' : 'text-soft',
          )}
        >
          {moneyText(line.price)}
        </span>
      )}
    </li>
  );
}

type Speaker = {
  readonly personId: string;
  readonly name: string;
  readonly role: ChatLine['role'];
  readonly lines: number;
  readonly first: boolean;
};

const speakersOf = (chat: readonly ChatLine[]): readonly Speaker[] => {
  const speakers = new Map<string, Speaker>();
  for (const { personId, name, role, first } of chat) {
    const before = speakers.get(personId);
    speakers.set(personId, {
      personId,
      name,
      role,
      lines: (before?.lines ?? 0) + 1,
      first: first || (before?.first ?? false),
    });
  }
  return [...speakers.values()].sort((a, b) => b.lines - a.lines);
};

function People({ speakers }: { speakers: readonly Speaker[] }) {
  const viewers = useRoom((room) => room.viewers);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keys.
    <div tabIndex={0} className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-4 py-4">
      <p className="text-sm text-soft">
        <b className="text-text">{viewers}</b> watching;{' '}
        <b className="text-text">{speakers.length}</b> in the lines of chat kept here.
      </p>
      <ul className="mt-2">
        {speakers.map(({ personId, name, role, lines, first }) => (
          <li
            key={personId}
            className="flex min-h-11 items-center gap-3 border-b border-line text-[0.9375rem]"
          >
            <span
              aria-hidden="true"
              className="grid size-8 shrink-0 place-items-center rounded-full bg-sunken text-xs font-bold"
            >
              {name.slice(0, 1).toUpperCase()}
            </span>
            <span className="min-w-0 flex-1 truncate">
              <b className="font-semibold">{name}</b>{' '}
              <span className="text-sm text-soft">
                {roleWords[role] ?? (first ? 'First time' : '')}
              </span>
            </span>
            <span className="text-xs text-soft">
              {lines} {lines === 1 ? 'line' : 'lines'}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
