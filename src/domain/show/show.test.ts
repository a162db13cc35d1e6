import { describe, expect, it } from 'vitest';
import { showKinds } from '../../base/words.ts';
import { system } from '../decider.ts';
import { ines, mina, otto, startMs, teo, testbed } from '../testing/given.ts';
import {
  ended,
  live,
  plan,
  planned,
  segment,
  started,
  stocked,
  vase,
  vaseItem,
} from '../testing/show-cast.ts';
import { publishedForms } from './published-form.ts';
import { type ShowEvent, showDecider } from './show.ts';
import { templateFor } from './templates.ts';

const { given } = testbed(showDecider);
const picture = (state: 'on' | 'off') =>
  ({ kind: 'PictureChanged', data: { picture: { state } } }) as const;

describe('life', () => {
  it('[SHO-1] planned, live, ended', () => {
    given().when({ kind: 'PlanShow', plan }, mina).then(planned);
    given(planned).when({ kind: 'GoLive' }, mina).then(started);
    given(...live)
      .when({ kind: 'EndShow' }, mina)
      .then(ended);
  });
  it('[SHO-1] an ended or cancelled show doesn’t start again', () => {
    given(...live, ended)
      .when({ kind: 'GoLive' }, mina)
      .refused('show-not-planned');
    given(planned, { kind: 'ShowCancelled', data: { reason: '' } })
      .when({ kind: 'GoLive' }, mina)
      .refused('show-not-planned');
    given(...live)
      .when({ kind: 'CancelShow', reason: '' }, mina)
      .refused('show-not-planned');
  });
  it('[SHO-2] neither moderator nor shopper directs', () => {
    for (const by of [teo, ines]) {
      given().when({ kind: 'PlanShow', plan }, by).refused('not-allowed');
      given(planned).when({ kind: 'GoLive' }, by).refused('not-allowed');
      given(...live)
        .when({ kind: 'EndShow' }, by)
        .refused('not-allowed');
      given(...live)
        .when({ kind: 'PinProduct', productId: vase }, by)
        .refused('not-allowed');
    }
    given(planned).when({ kind: 'GoLive' }, otto).then(started);
  });
  it.each([
    ['title', { title: '  ' }],
    ['title', { title: 'x'.repeat(121) }],
    ['showKind', { showKind: 'party' as never }],
    ['disclosure', { disclosure: 'secret' as never }],
    ['startsAtMs', { startsAtMs: -1 }],
    ['watchBy', { watchBy: 'smoke' as never }],
    ['partner', { partner: '' }],
    ['partner', { partner: ' Murano' }],
    ['partner', { partner: 'x'.repeat(81) }],
  ] as const)('[SHO-3] a plan with an impossible %s is refused by name', (field, change) => {
    given()
      .when({ kind: 'PlanShow', plan: { ...plan, ...change } }, mina)
      .refused('plan-invalid', { field });
  });
  it('[HLS-18] the way of watching is chosen by who directs, before the show and while it is live', () => {
    const choose = (watchBy: 'webrtc' | 'hls') => ({ kind: 'ChooseWatchBy', watchBy }) as const;
    const chosen = (watchBy: 'webrtc' | 'hls'): ShowEvent => ({
      kind: 'WatchByChosen',
      data: { watchBy },
    });
    given(planned).when(choose('hls'), mina).then(chosen('hls'));
    given(...live)
      .when(choose('hls'), otto)
      .then(chosen('hls'));
    given(...live, chosen('hls'))
      .when(choose('webrtc'), mina)
      .then(chosen('webrtc'));
    // What is so already is no event: nobody's page turns for nothing.
    given(planned).when(choose('webrtc'), mina).then();
    given(...live, chosen('hls'))
      .when(choose('hls'), mina)
      .then();
    given({ kind: 'ShowPlanned', data: { plan: { ...plan, watchBy: 'hls' } } })
      .when(choose('hls'), mina)
      .then();
    given(...live, ended)
      .when(choose('hls'), mina)
      .refused('show-ended');
    given(planned)
      .when(choose('smoke' as never), mina)
      .refused('plan-invalid', { field: 'watchBy' });
    for (const by of [teo, ines]) given(planned).when(choose('hls'), by).refused('not-allowed');
    const published = publishedForms.WatchByChosen.open({ watchBy: 'hls' }, String);
    expect(published).toEqual({ watchBy: 'hls' });
  });
  it('[SHO-16] a cover is chosen, changed and taken away by who directs, until the show is cancelled', () => {
    const choose = (coverUrl: string | null) => ({ kind: 'ChooseCover', coverUrl }) as const;
    const chosen = (coverUrl: string | null): ShowEvent => ({
      kind: 'CoverChosen',
      data: { coverUrl },
    });
    given(planned).when(choose('/a.webp'), mina).then(chosen('/a.webp'));
    for (const before of [live, [...live, ended]])
      given(...before, chosen('/a.webp'))
        .when(choose('/b.webp'), otto)
        .then(chosen('/b.webp'));
    given(planned, chosen('/a.webp')).when(choose(null), mina).then(chosen(null));
    // What is so already is no event.
    given(planned).when(choose(null), mina).then();
    given(planned, chosen('/a.webp'), chosen(null)).when(choose(null), mina).then();
    given({ kind: 'ShowPlanned', data: { plan: { ...plan, coverUrl: '/a.webp' } } })
      .when(choose('/a.webp'), mina)
      .then();
    // A plan that is changed keeps its cover where the change carries it.
    given(planned, chosen('/a.webp'), { kind: 'PlanChanged', data: { plan } })
      .when(choose(null), mina)
      .then();
    given(planned, { kind: 'ShowCancelled', data: { reason: '' } })
      .when(choose('/a.webp'), mina)
      .refused('show-ended');
    for (const wrong of ['', 'x'.repeat(301)])
      given(planned).when(choose(wrong), mina).refused('plan-invalid', { field: 'coverUrl' });
    for (const by of [teo, ines]) given(planned).when(choose('/a'), by).refused('not-allowed');
    expect(publishedForms.CoverChosen.open({ coverUrl: '/a.webp' }, String)).toEqual({
      coverUrl: '/a.webp',
    });
  });
  it('[SHO-4] starting twice and ending twice change nothing', () => {
    given(...live)
      .when({ kind: 'GoLive' }, mina)
      .then();
    given(...live, ended)
      .when({ kind: 'EndShow' }, mina)
      .then();
  });
  it('[SHO-5] a lost picture has 30 s of grace, then it is off', () => {
    given(...live, picture('on'))
      .when({ kind: 'PictureLost' }, system)
      .then({
        kind: 'PictureChanged',
        data: { picture: { state: 'lost', graceEndsAtMs: startMs + 30_000 } },
      });
    const { fold } = testbed(showDecider);
    const state = fold(
      [
        ...live,
        {
          kind: 'PictureChanged',
          data: { picture: { state: 'lost', graceEndsAtMs: startMs + 30_000 } },
        },
      ],
      startMs,
    );
    expect(showDecider.deadline(state)).toEqual({
      atMs: startMs + 30_000,
      command: { kind: 'PictureOff' },
    });
    expect(showDecider.deadline(fold([...live, picture('on')], startMs))).toBeNull();
  });
  it('[SHO-9] a recording belongs to a show that has ended', () => {
    const attach = {
      kind: 'AttachRecording',
      url: '/r.mp4',
      posterUrl: null,
      durationMs: 9,
      startedAtMs: 1,
    } as const;
    given(...live)
      .when(attach, system)
      .refused('show-not-ended');
    given(...live, ended)
      .when(attach, system)
      .then({
        kind: 'RecordingAttached',
        data: { url: '/r.mp4', posterUrl: null, durationMs: 9, startedAtMs: 1, previews: null },
      });
  });
  it('[SHO-11] a recording is dropped once', () => {
    const attached = {
      kind: 'RecordingAttached',
      data: { url: '/r.mp4', posterUrl: null, durationMs: 9, startedAtMs: 1 },
    } as const;
    const drop = { kind: 'DropRecording', why: 'by-the-shop', reason: ' A slip ' } as const;
    const dropped = {
      kind: 'RecordingDropped',
      data: { why: 'by-the-shop', reason: 'A slip' },
    } as const;
    given(...live, ended, attached)
      .when(drop, otto)
      .then(dropped);
    given(...live, ended, attached, dropped)
      .when(drop, otto)
      .then();
    given(...live)
      .when(drop, otto)
      .refused('show-not-ended');
  });
  it('[SHO-10] a show that was never planned takes no command', () => {
    given().when({ kind: 'GoLive' }, mina).refused('show-unknown');
    given().when({ kind: 'ExpireHolds' }, system).refused('show-unknown');
  });
});

describe('run of show and shelf', () => {
  const arranged = {
    kind: 'SegmentsArranged',
    data: { segments: [segment('one'), segment('two', [vase])] },
  } as const;

  it('[SHO-6] the running segment stays', () => {
    given(...live, arranged, { kind: 'SegmentEntered', data: { segmentId: 'two' as never } })
      .when({ kind: 'ArrangeSegments', segments: [segment('one')] }, mina)
      .refused('segment-running');
  });
  it('[SHO-7] entering a segment pins its product', () => {
    given(...live, arranged)
      .when({ kind: 'EnterSegment', segmentId: 'two' as never }, mina)
      .then(
        { kind: 'SegmentEntered', data: { segmentId: 'two' as never } },
        { kind: 'ProductPinned', data: { productId: vase } },
      );
  });
  it('[SHO-8] only what is on the shelf is pinned', () => {
    given(planned, started)
      .when({ kind: 'PinProduct', productId: vase }, mina)
      .refused('product-not-on-shelf');
    given(...live)
      .when({ kind: 'PinProduct', productId: vase }, mina)
      .then({ kind: 'ProductPinned', data: { productId: vase } });
  });
  it('[SHO-8] what leaves the shelf loses its pin', () => {
    given(...live, { kind: 'ProductPinned', data: { productId: vase } })
      .when({ kind: 'StockShelf', items: [{ ...vaseItem, productId: 'bowl' as never }] }, mina)
      .then(
        { kind: 'ProductPinned', data: { productId: null } },
        { kind: 'ShelfStocked', data: { items: [{ ...vaseItem, productId: 'bowl' as never }] } },
      );
    given(planned)
      .when({ kind: 'StockShelf', items: [vaseItem] }, mina)
      .then(stocked);
  });
  it.each(showKinds)('the template of a %s can be planned as it stands', (kind) => {
    const segments = templateFor(kind, (index) => `s${index}` as never);
    expect(segments.some(({ beat }) => beat === 'offer')).toBe(true);
    given(planned)
      .when({ kind: 'ArrangeSegments', segments }, mina)
      .then({ kind: 'SegmentsArranged', data: { segments } });
  });
});
