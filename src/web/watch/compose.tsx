// The line to write in. Someone who isn't in yet is asked for a name when they want to speak, and their
// text is kept. Limits are the room's own: a text that is too long is counted while it is typed.

import { useEffect, useRef, useState } from 'react';
import { crowdLimits } from '../../base/crowd-limits.ts';
import { IconButton } from '../design/button.tsx';
import { CloseIcon, SendIcon } from '../design/icons.tsx';
import { useLive } from '../live/use-live.ts';
import type { ReplyTarget } from './chat.tsx';
import { useMe } from './session.ts';
import { usePage } from './watch-context.ts';

export function Compose({
  replyTo,
  onReplyEnd,
  onTyping,
}: {
  replyTo: ReplyTarget | null;
  onReplyEnd: () => void;
  onTyping: (isTyping: boolean) => void;
}) {
  const { client, askIn } = usePage();
  const me = useMe();
  const connection = useLive(client, (state) => state.connection);
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const left = crowdLimits.chatTextMax - [...text].length;

  useEffect(() => {
    if (replyTo) input.current?.focus();
  }, [replyTo]);

  const send = () => {
    const words = text.trim();
    if (words === '' || left < 0) return;
    if (!me) {
      askIn('guest', () => {
        client.chat(words, replyTo?.messageId ?? null);
        setText('');
      });
      return;
    }
    client.chat(words, replyTo?.messageId ?? null);
    setText('');
    onReplyEnd();
  };

  return (
    <form
      className="watch-compose"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {replyTo ? (
        <p className="flex items-center gap-1 pb-1 pl-3 text-xs text-white/90">
          Reply to <b>{replyTo.name}</b>
          <IconButton label="Don’t reply" size="small" className="size-7!" onClick={onReplyEnd}>
            <CloseIcon className="size-3.5" />
          </IconButton>
        </p>
      ) : null}
      <div className="relative">
        <label className="sr-only" htmlFor="compose">
          {me ? `Say something as ${me.name}` : 'Say something'}
        </label>
        <input
          ref={input}
          id="compose"
          value={text}
          enterKeyHint="send"
          autoComplete="off"
          placeholder={
            connection === 'open' ? 'Say something…' : 'Say it; it goes out when you are back'
          }
          onChange={(event) => setText(event.target.value)}
          onFocus={() => onTyping(true)}
          onBlur={() => onTyping(false)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              onReplyEnd();
              event.currentTarget.blur();
            }
          }}
          className="h-11 w-full rounded-chip border border-white/25 bg-[rgb(18_16_14/0.62)] pr-12 pl-4 text-base text-white placeholder:text-white/85 lg:border-line lg:bg-card lg:placeholder:text-soft"
        />
        <IconButton
          type="submit"
          label="Send"
          look="strong"
          size="small"
          className="absolute! top-1 right-1 size-9!"
          disabled={text.trim() === '' || left < 0}
          // Keeps the keyboard of a phone open.
          onMouseDown={(event) => event.preventDefault()}
        >
          <SendIcon className="size-4.5" />
        </IconButton>
      </div>
      {left < 60 ? (
        <p role="status" className="pt-1 pl-3 text-xs text-white/90">
          {left >= 0 ? `${left} characters left` : `${-left} characters too many`}
        </p>
      ) : null}
    </form>
  );
}
