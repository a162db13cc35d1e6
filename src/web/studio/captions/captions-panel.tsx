// Captions at the desk: this browser listens to the host, or somebody types; what an encoder brings is shown as it comes.
// Everyone of the crew may type. A strip with the last one, as most of the time nobody writes; what it opens lies over
// the cards on a desk, so that nothing moves. Rules: docs/rules/captions.md.

import { useEffect, useId, useState, useSyncExternalStore } from 'react';
import type { CaptionLine } from '../../../protocol/room.ts';
import { ProblemNote } from '../../crew/problem-note.tsx';
import { ask } from '../../crew/shop-data.ts';
import { Button } from '../../design/button.tsx';
import { Field, SelectField } from '../../design/field.tsx';
import { newId, problemFrom } from '../../live/http-client.ts';
import { useDesk, useRoom } from '../desk.tsx';
import { captionCharsMax, createCaptionOutbox } from './caption-outbox.ts';
import { createListener, type ListenState, recogniserOf } from './speech.ts';

const languages = [
  ['en', 'English'],
  ['de', 'Deutsch'],
  ['es', 'Español'],
  ['fr', 'Français'],
  ['it', 'Italiano'],
  ['nl', 'Nederlands'],
  ['pl', 'Polski'],
  ['pt-BR', 'Português (Brasil)'],
  ['sv', 'Svenska'],
  ['uk', 'Українська'],
  ['hi', 'हिन्दी'],
  ['ja', '日本語'],
  ['ko', '한국어'],
  ['zh', '中文'],
] as const;

const place = 'rialto.caption-language';
const stateWords: Record<ListenState, string> = {
  off: 'Nobody listens',
  starting: 'Asking for the microphone …',
  listening: 'Listening',
  denied:
    'This browser may not use the microphone. Allow it beside the address, then listen again.',
  paused: 'Paused, goes on by itself',
};
const linesShown = 3;

const remembered = (): string => {
  const kept = localStorage.getItem(place) ?? navigator.language.split('-')[0];
  return languages.find(([code]) => code === kept)?.[0] ?? 'en';
};
const languageOf = ({ language }: Pick<CaptionLine, 'language'>): string =>
  language === 'und' ? '' : language;
const later = (run: () => void, ms: number) => void setTimeout(run, ms);

export function CaptionsPanel({ direct }: { direct: boolean }) {
  const isLive = useRoom((room) => room.phase === 'live');
  return isLive ? <Captions direct={direct} /> : null;
}

function Captions({ direct }: { direct: boolean }) {
  const { showId } = useDesk();
  const [language, setLanguage] = useState(remembered);
  const [text, setText] = useState('');
  const [outbox] = useState(() =>
    createCaptionOutbox({
      send: (body, id) =>
        ask.sayCaption(showId, body, id).then(
          () => ({ ok: true }) as const,
          (error: unknown) => ({ ok: false, again: problemFrom(error).retry, error }) as const,
        ),
      newId,
      nowMs: () => performance.now(),
      later,
    }),
  );
  useEffect(() => () => outbox.close(), [outbox]);
  const { waiting, lost, refusal } = useSyncExternalStore(outbox.subscribe, outbox.state);
  const [listening, setListening] = useState<ListenState>('off');
  const [isOpen, setOpen] = useState(false);
  const deskId = useId();
  const latest = useRoom((room) => room.caption);
  const say = () => {
    if (text.trim()) outbox.put({ text, source: 'typed', language, spokenMs: 0 });
    setText('');
  };
  return (
    <section
      aria-label="Captions"
      className="relative shrink-0 rounded-card border border-line bg-card"
      onKeyDown={(event) => {
        if (!isOpen || event.key !== 'Escape') return;
        setOpen(false);
        document.querySelector<HTMLElement>(`[aria-controls="${deskId}"]`)?.focus();
      }}
    >
      <div className="flex items-center gap-3 py-1 pr-1 pl-4">
        <h2 className="label font-sans text-soft">Captions</h2>
        {isOpen || !latest ? null : (
          <p className="min-w-0 truncate text-sm" lang={languageOf(latest)}>
            {latest.text}
          </p>
        )}
        <p role="status" className="ml-auto min-w-0 shrink truncate text-xs text-soft">
          {[
            listening === 'off' ? '' : stateWords[listening],
            waiting > 1 ? `${waiting} wait for the line.` : '',
            lost > 0 ? `${lost} did not reach the crowd.` : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <Button
          look="plain"
          className="shrink-0"
          aria-expanded={isOpen}
          aria-controls={deskId}
          onClick={() => setOpen(!isOpen)}
        >
          Write captions
        </Button>
      </div>
      {/* Closed it goes on listening. */}
      <div
        id={deskId}
        hidden={!isOpen}
        className="grid gap-3 border-line p-4 pt-2 not-[[hidden]]:lg:absolute lg:inset-x-[-1px] lg:bottom-full lg:z-10 lg:mb-2 lg:rounded-card lg:border lg:bg-card lg:pt-4 lg:shadow-sheet [&[hidden]]:hidden"
      >
        <LastLines />
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            say();
          }}
        >
          <Field
            label="Type a caption"
            labelHidden
            placeholder="Type what is said, then Enter"
            autoComplete="off"
            lang={language}
            maxLength={captionCharsMax * 3}
            className="min-w-0 flex-1"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <Button type="submit" look="quiet" disabled={text.trim() === ''}>
            Show it
          </Button>
        </form>
        <ProblemNote error={refusal} />
        <div className="flex flex-wrap items-end justify-end gap-3">
          <SelectField
            label="Language of captions"
            labelHidden
            value={language}
            onChange={({ target }) => {
              setLanguage(target.value);
              localStorage.setItem(place, target.value);
            }}
          >
            {languages.map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </SelectField>
          {direct ? (
            <Listening
              key={language}
              language={language}
              state={listening}
              onState={setListening}
              onPhrase={(said, spokenMs) =>
                outbox.put({ text: said, source: 'speech', language, spokenMs })
              }
            />
          ) : null}
        </div>
      </div>
    </section>
  );
}

function Listening({
  language,
  state,
  onState,
  onPhrase,
}: {
  language: string;
  state: ListenState;
  onState: (state: ListenState) => void;
  onPhrase: (text: string, spokenMs: number) => void;
}) {
  const [make] = useState(() => recogniserOf(window));
  const [listener] = useState(() =>
    make
      ? createListener({ make, onPhrase, onState, nowMs: () => performance.now(), later })
      : null,
  );
  useEffect(() => () => listener?.stop(), [listener]);
  if (!listener)
    return (
      <p className="max-w-72 text-xs text-soft">
        This browser can’t listen; Chrome, Edge and Safari can. Typing works.
      </p>
    );
  const isOn = state !== 'off' && state !== 'denied';
  return (
    <Button
      size="medium"
      look={isOn ? 'quiet' : 'accent'}
      aria-pressed={isOn}
      onClick={() => (isOn ? listener.stop() : listener.start(language))}
    >
      {isOn ? 'Stop listening' : 'Listen to me'}
    </Button>
  );
}

/** What the crowd was shown last, whoever wrote it down. */
function LastLines() {
  const latest = useRoom((room) => room.caption);
  const [lines, setLines] = useState<readonly CaptionLine[]>([]);
  useEffect(() => {
    if (latest)
      setLines((before) =>
        [...before.filter(({ seq }) => seq !== latest.seq), latest].slice(-linesShown),
      );
  }, [latest]);
  if (lines.length === 0)
    return (
      <p className="text-sm text-soft">
        Nothing yet. What this browser hears, somebody types or an encoder sends stands here and
        over the picture.
      </p>
    );
  return (
    <ol aria-label="Last captions" className="grid gap-1 text-sm">
      {lines.map(({ seq, text, language }) => (
        <li key={seq}>
          {/* CEA-608 names no language: what has none is the encoder's. */}
          {language === 'und' ? <span className="text-soft">From the encoder: </span> : null}
          <span lang={languageOf({ language })}>{text}</span>
        </li>
      ))}
    </ol>
  );
}
