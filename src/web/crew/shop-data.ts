// What the crew's pages read from the shop and send to it: one place for addresses, cache keys and what
// becomes stale after a change. Shapes come from protocol/; the live room comes by the socket instead.

import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import type { Money } from '../../base/money.ts';
import { isRehearsal } from '../../base/rehearsal-id.ts';
import type { WatchWay } from '../../base/words.ts';
import type { CaptionBody } from '../../protocol/captions.ts';
import type {
  ImportPreview,
  ImportResult,
  KeptMail,
  Me,
  Person,
  PersonRole,
  Product,
  ProductDraft,
  ProductEdit,
  ProductPage,
  ProductStatus,
  SetMembership,
} from '../../protocol/catalogue.ts';
import type { CodeView, MakeCodeBody } from '../../protocol/codes.ts';
import type { Commission } from '../../protocol/commission.ts';
import type { AnnounceDropBody } from '../../protocol/drops.ts';
import type {
  ChangePlanBody,
  OpenOfferBody,
  OrderView,
  PlanShowBody,
  ReferencePrices,
  SegmentBody,
  SegmentEditBody,
  ShopInfo,
  ShowDetail,
  ShowSummary,
  WatchToken,
} from '../../protocol/http.ts';
import type { LotRunBody, PrepareLotBody } from '../../protocol/lots.ts';
import type { PollTerms } from '../../protocol/polls.ts';
import type { KeepPreflightBody, PreflightView } from '../../protocol/preflight.ts';
import { http, ProblemError } from '../live/http-client.ts';

/** The cache of the page. A refusal is an answer: only what may pass is asked again. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) =>
          count < 2 &&
          error instanceof ProblemError &&
          error.problem.retry &&
          error.problem.status !== 401,
      },
    },
  });

const at = encodeURIComponent;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me> =>
    (await http.get<Me | undefined>('/api/me', { signal })) ?? null,
  staleTime: 60_000,
});

export const shopQuery = queryOptions({
  queryKey: ['shop'],
  queryFn: ({ signal }) => http.get<ShopInfo>('/api/shop', { signal }),
  staleTime: 300_000,
});

export const showsQuery = queryOptions({
  queryKey: ['shows'],
  queryFn: async ({ signal }) =>
    (await http.get<{ shows: ShowSummary[] }>('/api/shows', { signal })).shows,
});

export const showQuery = (showId: string) =>
  queryOptions({
    queryKey: ['shows', showId],
    queryFn: ({ signal }) => http.get<ShowDetail>(`/api/shows/${at(showId)}`, { signal }),
  });

/** How the shop stands before a show, and the checks of its hosts. */
export const preflightQuery = (showId: string) =>
  queryOptions({
    queryKey: ['shows', showId, 'preflight'],
    queryFn: ({ signal }) =>
      http.get<PreflightView>(`/api/shows/${at(showId)}/preflight`, { signal }),
    // Devices and shop are checked for the evening itself.
    enabled: !isRehearsal(showId),
  });

export type ProductFilter = { readonly q: string; readonly status: ProductStatus | null };

const productsPerPage = 50;

export const productsQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ['products', 'list', filter],
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({
        limit: String(productsPerPage),
        offset: String(pageParam),
      });
      if (filter.q) search.set('q', filter.q);
      if (filter.status) search.set('status', filter.status);
      return http.get<ProductPage>(`/api/products?${search}`, { signal });
    },
    initialPageParam: 0,
    getNextPageParam: ({ offset, products, total }) =>
      offset + products.length < total && products.length > 0
        ? offset + products.length
        : undefined,
  });

export const productQuery = (productId: string) =>
  queryOptions({
    queryKey: ['products', 'one', productId],
    queryFn: ({ signal }) => http.get<Product>(`/api/products/${at(productId)}`, { signal }),
  });

/** What a reduction of each variant would be compared with. A minute old is old enough to show. */
export const referencePricesQuery = (productId: string) =>
  queryOptions({
    queryKey: ['products', 'reference-prices', productId],
    queryFn: async ({ signal }) => {
      const path = `/api/products/${at(productId)}/reference-prices`;
      const { prices } = await http.get<ReferencePrices>(path, { signal });
      return new Map<string, Money>(prices.map(({ variantId, price }) => [variantId, price]));
    },
    enabled: productId !== '',
    staleTime: 60_000,
  });

export const ordersQuery = infiniteQueryOptions({
  queryKey: ['orders', 'list'],
  queryFn: ({ signal, pageParam }) =>
    http.get<{ orders: OrderView[]; more: boolean }>(`/api/orders?page=${pageParam}`, { signal }),
  initialPageParam: 0,
  getNextPageParam: ({ more }, pages) => (more ? pages.length : undefined),
});

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['orders', 'one', orderId],
    queryFn: ({ signal }) => http.get<OrderView>(`/api/orders/${at(orderId)}`, { signal }),
  });

/** Promo codes, latest first. */
export const codesQuery = queryOptions({
  queryKey: ['codes'],
  queryFn: async ({ signal }) =>
    (await http.get<{ codes: CodeView[] }>('/api/codes', { signal })).codes,
});

export const peopleQuery = (search: string) =>
  queryOptions({
    queryKey: ['people', search],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ limit: '200', ...(search ? { search } : {}) });
      return http.get<{ people: Person[]; total: number }>(`/api/people?${query}`, { signal });
    },
  });

/** Letters that the sandbox kept instead of sending them. */
export const mailQuery = queryOptions({
  queryKey: ['mail'],
  queryFn: async ({ signal }) => (await http.get<KeptMail>('/api/mail', { signal })).letters,
});

/** The run of show with the crew's notes and cues. Others edit it too: looked at again every so often. */
export const segmentsQuery = (showId: string) =>
  queryOptions({
    queryKey: ['shows', showId, 'segments'],
    queryFn: async ({ signal }) => {
      const path = `/api/shows/${at(showId)}/segments`;
      return (await http.get<{ segments: SegmentBody[] }>(path, { signal })).segments;
    },
    staleTime: 0,
    refetchInterval: 10_000,
  });

export const commissionsQuery = (productId: string) =>
  queryOptions({
    queryKey: ['products', 'commissions', productId],
    queryFn: async ({ signal }) => {
      const path = `/api/products/${at(productId)}/commissions`;
      return (await http.get<{ commissions: Commission[] }>(path, { signal })).commissions;
    },
  });

const commissionPath = (productId: string, personId: string): string =>
  `/api/products/${at(productId)}/commissions/${at(personId)}`;

const lotPath = (showId: string, lotId: string, step: string): string =>
  `/api/shows/${at(showId)}/lots/${at(lotId)}/${step}`;

/** What the crew may ask of the shop. Each is one wish; a lost answer is asked for again by the client. */
export const ask = {
  planShow: (body: PlanShowBody, key: string) =>
    http.post<ShowSummary>('/api/shows', body, { idempotencyKey: key }),
  changePlan: (showId: string, body: ChangePlanBody) =>
    http.put<ShowDetail>(`/api/shows/${at(showId)}/plan`, body),
  switchCommentClaims: (showId: string, isOn: boolean) =>
    http.put(`/api/shows/${at(showId)}/comment-claims`, { isOn }),
  chooseWatchBy: (showId: string, watchBy: WatchWay) =>
    http.put(`/api/shows/${at(showId)}/watch-by`, { watchBy }),
  makeWatchToken: (showId: string) => http.post<WatchToken>(`/api/shows/${at(showId)}/watch-token`),
  chooseCover: (showId: string, file: File) => {
    const form = new FormData();
    form.append('file', file);
    return http.put<ShowSummary>(`/api/shows/${at(showId)}/cover`, form);
  },
  dropCover: (showId: string) => http.delete(`/api/shows/${at(showId)}/cover`),
  arrange: (showId: string, segments: readonly SegmentBody[]) =>
    http.put(`/api/shows/${at(showId)}/segments`, { segments }),
  stockShelf: (showId: string, productIds: readonly string[]) =>
    http.put(`/api/shows/${at(showId)}/shelf`, { productIds }),
  editSegments: (showId: string, edits: readonly SegmentEditBody[]) =>
    http.patch(`/api/shows/${at(showId)}/segments`, { edits }),
  openPoll: (showId: string, body: PollTerms, key: string) =>
    http.post<{ pollId: string }>(`/api/shows/${at(showId)}/polls`, body, { idempotencyKey: key }),
  closePoll: (showId: string, pollId: string) =>
    http.post(`/api/shows/${at(showId)}/polls/${at(pollId)}/close`),
  sayDisclosure: (showId: string) => http.post(`/api/shows/${at(showId)}/disclosed`),
  sayCaption: (showId: string, body: CaptionBody, key: string) =>
    http.post(`/api/shows/${at(showId)}/captions`, body, { idempotencyKey: key }),
  setCommission: (productId: string, personId: string, shareMilliPercent: number) =>
    http.put<{ commissions: Commission[] }>(commissionPath(productId, personId), {
      shareMilliPercent,
    }),
  takeCommission: (productId: string, personId: string) =>
    http.delete<{ commissions: Commission[] }>(commissionPath(productId, personId)),
  keepPreflight: (showId: string, body: KeepPreflightBody) =>
    http.put<PreflightView>(`/api/shows/${at(showId)}/preflight`, body),
  goLive: (showId: string) => http.post(`/api/shows/${at(showId)}/go-live`),
  endShow: (showId: string) => http.post(`/api/shows/${at(showId)}/end`),
  cancelShow: (showId: string) => http.post(`/api/shows/${at(showId)}/cancel`),
  enterSegment: (showId: string, segmentId: string) =>
    http.post(`/api/shows/${at(showId)}/segment`, { segmentId }),
  pin: (showId: string, productId: string | null) =>
    http.post(`/api/shows/${at(showId)}/pin`, { productId }),
  openOffer: (showId: string, body: OpenOfferBody, key: string) =>
    http.post<{ offerId: string }>(`/api/shows/${at(showId)}/offers`, body, {
      idempotencyKey: key,
    }),
  closeOffer: (showId: string, offerId: string) =>
    http.post(`/api/shows/${at(showId)}/offers/${at(offerId)}/close`),
  prepareLot: (showId: string, body: PrepareLotBody, key: string) =>
    http.post<{ lotId: string }>(`/api/shows/${at(showId)}/lots`, body, { idempotencyKey: key }),
  openLot: (showId: string, lotId: string) => http.post(lotPath(showId, lotId, 'open')),
  resumeLot: (showId: string, lotId: string) => http.post(lotPath(showId, lotId, 'resume')),
  pauseLot: (showId: string, lotId: string, reason: string) =>
    http.post(lotPath(showId, lotId, 'pause'), { reason }),
  cancelLot: (showId: string, lotId: string, reason: string) =>
    http.post(lotPath(showId, lotId, 'cancel'), { reason }),
  withdrawLot: (showId: string, lotId: string, reason: string) =>
    http.post(lotPath(showId, lotId, 'withdraw'), { reason }),
  announceDrop: (showId: string, body: AnnounceDropBody, key: string) =>
    http.post<{ dropId: string }>(`/api/shows/${at(showId)}/drops`, body, { idempotencyKey: key }),
  openDrop: (showId: string, dropId: string) =>
    http.post(`/api/shows/${at(showId)}/drops/${at(dropId)}/open`),
  cancelDrop: (showId: string, dropId: string, reason: string) =>
    http.post(`/api/shows/${at(showId)}/drops/${at(dropId)}/cancel`, { reason }),
  runLots: (showId: string, body: LotRunBody) =>
    http.post(`/api/shows/${at(showId)}/lot-run`, body),
  stopLotRun: (showId: string) => http.delete(`/api/shows/${at(showId)}/lot-run`),
  bar: (showId: string, personId: string, isBarred: boolean, reason: string) =>
    http.post(`/api/shows/${at(showId)}/barred`, { personId, isBarred, reason }),
  removeMessage: (showId: string, messageId: string, reason: string) =>
    http.delete(
      `/api/shows/${at(showId)}/messages/${at(messageId)}?${new URLSearchParams({ reason })}`,
    ),
  addProduct: (draft: ProductDraft, key: string) =>
    http.post<Product>('/api/products', draft, { idempotencyKey: key }),
  editProduct: (productId: string, version: number, edit: ProductEdit) =>
    http.patch<Product>(`/api/products/${at(productId)}`, edit, {
      headers: { 'if-match': `"${version}"` },
    }),
  countStock: (variantId: string, onHand: number) =>
    http.put(`/api/variants/${at(variantId)}/stock`, { onHand }),
  product: (productId: string) => http.get<Product>(`/api/products/${at(productId)}`),
  addImage: (productId: string, file: File, alt: string) => {
    const form = new FormData();
    form.append('alt', alt);
    form.append('file', file);
    return http.post<Product>(`/api/products/${at(productId)}/images`, form);
  },
  arrangeImages: (
    productId: string,
    version: number,
    images: readonly { id: string; alt: string }[],
  ) =>
    http.put<Product>(
      `/api/products/${at(productId)}/images`,
      { images },
      { headers: { 'if-match': `"${version}"` } },
    ),
  previewImport: (file: File) => http.post<ImportPreview>('/api/catalogue/preview', csvForm(file)),
  runImport: (file: File, key: string) =>
    http.post<ImportResult>('/api/catalogue/import', csvForm(file), { idempotencyKey: key }),
  makeCode: (body: MakeCodeBody, key: string) =>
    http.post<CodeView>('/api/codes', body, { idempotencyKey: key }),
  endCode: (code: string) => http.post<CodeView>(`/api/codes/${at(code)}/end`),
  refund: (orderId: string) => http.post<OrderView>(`/api/orders/${at(orderId)}/refund`),
  giveRole: (personId: string, role: PersonRole) =>
    http.put<Person>(`/api/people/${at(personId)}/role`, { role }),
  setMembership: (personId: string, body: SetMembership) =>
    http.put<Person>(`/api/people/${at(personId)}/membership`, body),
  signOut: () => http.post('/api/auth/sign-out', {}),
};

const csvForm = (file: File): FormData => {
  const form = new FormData();
  form.append('file', file);
  return form;
};
