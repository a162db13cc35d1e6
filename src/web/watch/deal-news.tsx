// How my last try at a deal ended: paid, run out, released, or refused with its reason. Comes with the first try.

import { limitWords } from '../buy/limit-words.ts';
import { Button, ButtonLink, IconButton } from '../design/button.tsx';
import { CheckIcon, CloseIcon } from '../design/icons.tsx';
import type { DealNews } from './deal.ts';

/** `onConfirm`: the person means an amount above their own threshold. */
export default function News({
  news,
  onClose,
  onConfirm,
}: {
  news: DealNews;
  onClose: (() => void) | null;
  onConfirm: () => void;
}) {
  if (news.kind === 'paid') {
    return (
      <div className="mt-3 flex items-center justify-between gap-3 rounded-control bg-accent-mist py-1.5 pr-1.5 pl-3.5 text-sm">
        <span className="flex items-center gap-2 font-semibold text-accent">
          <CheckIcon className="size-4" /> It’s yours
        </span>
        {news.orderId ? (
          <ButtonLink href={`/orders/${news.orderId}`} look="plain" className="min-h-11">
            See the order
          </ButtonLink>
        ) : null}
      </div>
    );
  }
  const words =
    news.kind === 'refused'
      ? (limitWords(news.problem) ?? news.problem)
      : news.kind === 'expired'
        ? {
            title: 'Your hold ran out',
            detail: 'The unit went back to the others. Nothing was charged.',
          }
        : { title: 'Released', detail: 'The unit went back to the others.' };
  return (
    <div className="mt-3 flex items-center gap-2 rounded-control bg-sunken py-2 pr-1 pl-3.5 text-sm">
      <p className="flex-1">
        <b>{words.title}.</b> <span className="text-soft">{words.detail}</span>
      </p>
      {news.kind === 'refused' && news.problem.code === 'needs-confirmation' ? (
        <Button onClick={onConfirm}>Yes, I mean it</Button>
      ) : null}
      {onClose ? (
        <IconButton label="Close" size="small" onClick={onClose}>
          <CloseIcon className="size-4" />
        </IconButton>
      ) : null}
    </div>
  );
}
