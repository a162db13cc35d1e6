// Stream keys, a show's or a host's own: made, given another secret, withdrawn. A secret is shown when it was just made and never again;
// what ends a publication asks first.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { StreamKeyMade, StreamKeyView } from '../../../protocol/encoder.ts';
import { useAtOnce } from '../../crew/at-once.ts';
import { CopyLine } from '../../crew/copy-line.tsx';
import { ProblemNote } from '../../crew/problem-note.tsx';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { shortMomentText } from '../../design/clock.tsx';
import { CheckField } from '../../design/field.tsx';
import { toast } from '../../design/toast.tsx';
import { askKeys, keysQuery } from './encoder-data.ts';

export function KeyList({
  showId,
  keys,
  made,
  onMade,
}: {
  /** Null: the host's own. */
  showId: string | null;
  keys: readonly StreamKeyView[];
  made: StreamKeyMade | null;
  onMade: (made: StreamKeyMade | null) => void;
}) {
  const cache = useQueryClient();
  const [takeOver, setTakeOver] = useState(false);
  const make = useMutation({
    mutationFn: () => askKeys.make(showId, takeOver),
    onSuccess: (fresh) => {
      onMade(fresh);
      void cache.invalidateQueries({ queryKey: keysQuery(showId).queryKey });
    },
  });
  return (
    <section aria-label="Stream keys" className="grid gap-3">
      <h3 className="text-base font-semibold">Stream keys</h3>
      {made ? (
        <div className="grid gap-2 rounded-card border border-accent p-4">
          <CopyLine label="stream key" text={made.secret} />
          <p className="text-sm">
            This is the only time that it is shown. Whoever has it can go on air in{' '}
            {showId === null ? 'the shows that you host' : 'this show'}.
          </p>
        </div>
      ) : null}
      {keys.length > 0 ? (
        <ul
          aria-label={showId === null ? 'Your own keys' : 'Keys of this show'}
          className="grid divide-y divide-line"
        >
          {keys.map((key) => (
            <KeyRow
              key={key.id}
              showId={showId}
              streamKey={key}
              onMade={onMade}
              onGone={() => made?.id === key.id && onMade(null)}
            />
          ))}
        </ul>
      ) : null}
      <ProblemNote error={make.error} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <CheckField
          label="Take over"
          hint="An encoder with this key ends another publisher instead of being refused."
          checked={takeOver}
          onChange={(event) => setTakeOver(event.target.checked)}
          className="min-w-0 flex-1 basis-64"
        />
        <Button
          look={keys.length === 0 ? 'strong' : 'quiet'}
          busy={make.isPending}
          onClick={() => make.mutate()}
        >
          {keys.length === 0 ? 'Make a stream key' : 'Make another key'}
        </Button>
      </div>
    </section>
  );
}

const endings = {
  rotate: {
    words: 'The old key stops working, and an encoder that is on air with it ends.',
    action: 'Change the key',
    done: 'The key has another secret',
  },
  revoke: {
    words: 'The key stops working for good, and an encoder that is on air with it ends.',
    action: 'Withdraw the key',
    done: 'The key is withdrawn',
  },
} as const;

function KeyRow({
  showId,
  streamKey,
  onMade,
  onGone,
}: {
  showId: string | null;
  streamKey: StreamKeyView;
  onMade: (made: StreamKeyMade) => void;
  onGone: () => void;
}) {
  const cache = useQueryClient();
  const [asking, setAsking] = useState<'rotate' | 'revoke' | null>(null);
  const renew = () => cache.invalidateQueries({ queryKey: keysQuery(showId).queryKey });
  const end = useMutation({
    mutationFn: async (how: 'rotate' | 'revoke') => {
      if (how === 'rotate') return askKeys.rotate(showId, streamKey.id);
      await askKeys.revoke(showId, streamKey.id);
      return null;
    },
    onSuccess: (made, how) => {
      setAsking(null);
      if (made) onMade(made);
      else onGone();
      toast(endings[how].done, { look: 'good' });
      void renew();
    },
  });
  const change = useAtOnce(streamKey.takeOver, async (takeOver) => {
    await askKeys.setTakeOver(showId, streamKey.id, takeOver);
    await renew();
  });
  const { ending, onAir, lastUsedAtMs } = streamKey;
  return (
    <li className="grid gap-2 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="min-w-0 flex-1 basis-32 text-sm">
          <b className="font-mono font-semibold">···· {ending}</b>{' '}
          {onAir ? <Badge look="accent">On air</Badge> : null}
          <span className="block text-xs text-soft">
            {lastUsedAtMs === null ? 'Not used yet' : `Last used ${shortMomentText(lastUsedAtMs)}`}
          </span>
        </span>
        <Button aria-label={`Change the key ${ending}`} onClick={() => setAsking('rotate')}>
          Change
        </Button>
        <Button aria-label={`Withdraw the key ${ending}`} onClick={() => setAsking('revoke')}>
          Withdraw
        </Button>
      </div>
      <CheckField
        label="Takes over from another publisher"
        checked={change.value}
        disabled={change.isPending}
        onChange={(event) => change.choose(event.target.checked)}
      />
      <ProblemNote error={end.error ?? change.error} />
      {asking ? (
        <div role="alert" className="grid gap-3 rounded-control bg-urgent-mist p-3 text-sm">
          <p>{endings[asking].words}</p>
          <div className="flex justify-end gap-2">
            <Button look="plain" onClick={() => setAsking(null)}>
              Leave it
            </Button>
            <Button look="urgent" busy={end.isPending} onClick={() => end.mutate(asking)}>
              {endings[asking].action}
            </Button>
          </div>
        </div>
      ) : null}
    </li>
  );
}
