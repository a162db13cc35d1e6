// The provenance card as a buyer will see it, while it is written. Absent facts are left out, never
// guessed.

import { SealIcon } from '../design/icons.tsx';
import type { CardForm } from './product-form.ts';

export function ProvenanceCard({ title, card }: { title: string; card: CardForm }) {
  const facts: readonly (readonly [label: string, value: string])[] = [
    ['Maker', card.maker],
    ['Origin', card.origin],
    [
      'Materials',
      card.materials
        .split(/[\n,]/)
        .map((one) => one.trim())
        .filter(Boolean)
        .join(', '),
    ],
    ['Serial no.', card.serialNumber],
    ['Certificate', card.certificate],
    ['Condition', card.condition],
  ];
  const known = facts.filter(([, value]) => value.trim() !== '');
  const isEmpty = known.length === 0 && card.story.trim() === '';
  return (
    <figure
      aria-label="The card as buyers see it"
      className="grid content-start gap-3 self-start rounded-card border border-line bg-[linear-gradient(165deg,#fffdf9,#f6eddc)] p-5 shadow-card"
    >
      <div className="flex items-start justify-between gap-3">
        <p className="font-display text-lg leading-tight font-bold">{title || 'Your piece'}</p>
        <SealIcon className="size-6 shrink-0 text-ritual" />
      </div>
      {isEmpty ? (
        <p className="text-sm text-soft">Nothing is known yet, so nothing is shown.</p>
      ) : (
        <>
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            {known.map(([label, value]) => (
              <div key={label} className="contents">
                <dt className="text-soft">{label}</dt>
                <dd className="break-words font-medium">{value}</dd>
              </div>
            ))}
          </dl>
          {card.story.trim() ? (
            <p className="border-t border-line pt-3 text-sm whitespace-pre-line">{card.story}</p>
          ) : null}
        </>
      )}
    </figure>
  );
}
