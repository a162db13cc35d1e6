// The entry of the crowd's pages. The watch page is in this bundle; the others are small and come when
// they are asked for. Every link is a page of its own, served with its state and first paint.

import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import type { PageState } from '../../protocol/first-paint.ts';
import { linkedCode } from '../buy/linked-code.ts';
import { readPageState } from './page-state.ts';
import { setMe } from './session.ts';
import { WatchPage } from './watch-page.tsx';
import './watch.css';

const HomePage = lazy(() => import('../home/home-page.tsx'));
const SignInPage = lazy(() => import('../home/sign-in-page.tsx'));
const NotFoundPage = lazy(() => import('../home/not-found-page.tsx'));
const OrderPage = lazy(() => import('../buy/order-page.tsx'));
const ProductPage = lazy(() => import('../product/product-page.tsx'));
const DrawPage = lazy(() => import('../draw/draw-page.tsx'));
const GatePage = lazy(() => import('./gate-page.tsx'));
const AccountPage = lazy(() => import('../buy/account-page.tsx'));
const LimitsPage = lazy(() => import('../buy/limits-page.tsx'));
const ComingPage = lazy(() => import('../remind/coming-page.tsx'));
const RemindersPage = lazy(() => import('../remind/reminders-page.tsx'));
const GuestPage = lazy(() => import('../guest/guest-page.tsx'));
const ReceiptsPage = lazy(() => import('../buy/receipts-page.tsx'));

function Page({ state }: { state: PageState }) {
  if (state.page === 'watch' && state.detail?.entry.mayEnter)
    return <WatchPage state={state} detail={state.detail} />;
  return (
    <Suspense fallback={null}>
      {state.page === 'home' ? <HomePage state={state} /> : null}
      {state.page === 'order' ? <OrderPage state={state} /> : null}
      {state.page === 'account' ? <AccountPage state={state} /> : null}
      {state.page === 'product' ? <ProductPage state={state} /> : null}
      {state.page === 'limits' ? <LimitsPage state={state} /> : null}
      {state.page === 'stage' ? <GuestPage state={state} /> : null}
      {state.page === 'receipts' ? <ReceiptsPage state={state} /> : null}
      {state.page === 'draw' && state.draw ? <DrawPage state={state} draw={state.draw} /> : null}
      {state.page === 'coming' ? <ComingPage state={state} /> : null}
      {state.page === 'reminders' ? <RemindersPage state={state} /> : null}
      {state.page === 'sign-in' ? <SignInPage state={state} /> : null}
      {state.page === 'watch' && state.detail ? (
        <GatePage state={state} detail={state.detail} />
      ) : null}
      {state.page === 'not-found' ? <NotFoundPage state={state} /> : null}
    </Suspense>
  );
}

const state = readPageState();
// A link to any page may carry a promo code; it counts for the visit.
linkedCode(location.search, sessionStorage);
setMe(state.me);
document.documentElement.dataset.theme =
  state.page === 'watch' && state.detail?.entry.mayEnter ? 'night' : 'day';
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page state={state} />
    </StrictMode>,
  );
}
