// The addresses of the crew's side: the studio of a show, and the rooms of the office. Each page is its
// own piece of script, loaded when it is opened.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ButtonLink, Spinner } from '../design/button.tsx';
import { EmptyState, Failure } from '../design/empty-state.tsx';
import { CrewGate } from './crew-gate.tsx';

const root = createRootRoute({
  component: () => (
    <CrewGate>
      <Outlet />
    </CrewGate>
  ),
  notFoundComponent: () => (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        title="There is nothing here"
        action={<ButtonLink href="/office/shows">To the office</ButtonLink>}
      >
        The address may be mistyped, or what stood here is gone.
      </EmptyState>
    </main>
  ),
});

const studioIndex = createRoute({
  getParentRoute: () => root,
  path: '/studio',
  beforeLoad: () => {
    throw redirect({ to: '/office/shows' });
  },
});

const StudioPage = lazyRouteComponent(() => import('../studio/studio-page.tsx'), 'StudioPage');
const studio = createRoute({
  getParentRoute: () => root,
  path: '/studio/$show',
  component: function Studio() {
    return <StudioPage showId={studio.useParams().show} />;
  },
});

const PreflightPage = lazyRouteComponent(
  () => import('../studio/preflight/preflight-page.tsx'),
  'PreflightPage',
);
const preflight = createRoute({
  getParentRoute: () => root,
  path: '/studio/$show/check',
  component: function Preflight() {
    return <PreflightPage showId={preflight.useParams().show} />;
  },
});

const PrompterPage = lazyRouteComponent(
  () => import('../studio/prompter-page.tsx'),
  'PrompterPage',
);
const prompter = createRoute({
  getParentRoute: () => root,
  path: '/studio/$show/prompter',
  component: function Prompter() {
    return <PrompterPage showId={prompter.useParams().show} />;
  },
});

const office = createRoute({
  getParentRoute: () => root,
  path: '/office',
  component: lazyRouteComponent(() => import('../office/office-frame.tsx'), 'OfficeFrame'),
});

const officeIndex = createRoute({
  getParentRoute: () => office,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/office/shows' });
  },
});

const shows = createRoute({
  getParentRoute: () => office,
  path: '/shows',
  component: lazyRouteComponent(() => import('../office/shows-page.tsx'), 'ShowsPage'),
});

const NewShowPage = lazyRouteComponent(() => import('../office/plan-page.tsx'), 'NewShowPage');
const newShow = createRoute({
  getParentRoute: () => office,
  path: '/shows/new',
  component: () => <NewShowPage />,
});

const EditShowPage = lazyRouteComponent(() => import('../office/plan-page.tsx'), 'EditShowPage');
const editShow = createRoute({
  getParentRoute: () => office,
  path: '/shows/$show',
  component: function EditShow() {
    return <EditShowPage showId={editShow.useParams().show} />;
  },
});

const RehearsalReportPage = lazyRouteComponent(
  () => import('../rehearsal/report-page.tsx'),
  'RehearsalReportPage',
);
const rehearsalReport = createRoute({
  getParentRoute: () => office,
  path: '/rehearsals/$rehearsal',
  component: function RehearsalReport() {
    return <RehearsalReportPage rehearsalId={rehearsalReport.useParams().rehearsal} />;
  },
});

const calendar = createRoute({
  getParentRoute: () => office,
  path: '/calendar',
  component: lazyRouteComponent(() => import('../office/calendar-page.tsx'), 'CalendarPage'),
});

const catalogue = createRoute({
  getParentRoute: () => office,
  path: '/catalogue',
  component: lazyRouteComponent(() => import('../office/catalogue-page.tsx'), 'CataloguePage'),
});

const NewProductPage = lazyRouteComponent(
  () => import('../office/product-page.tsx'),
  'NewProductPage',
);
const newProduct = createRoute({
  getParentRoute: () => office,
  path: '/catalogue/new',
  component: () => <NewProductPage />,
});

const ProductPage = lazyRouteComponent(() => import('../office/product-page.tsx'), 'ProductPage');
const product = createRoute({
  getParentRoute: () => office,
  path: '/catalogue/$product',
  component: function Product() {
    return <ProductPage productId={product.useParams().product} />;
  },
});

const importing = createRoute({
  getParentRoute: () => office,
  path: '/import',
  component: lazyRouteComponent(() => import('../office/import-page.tsx'), 'ImportPage'),
});

const orders = createRoute({
  getParentRoute: () => office,
  path: '/orders',
  component: lazyRouteComponent(() => import('../office/orders-page.tsx'), 'OrdersPage'),
});

const OrderPage = lazyRouteComponent(() => import('../office/order-page.tsx'), 'OrderPage');
const order = createRoute({
  getParentRoute: () => office,
  path: '/orders/$order',
  component: function Order() {
    return <OrderPage orderId={order.useParams().order} />;
  },
});

const codes = createRoute({
  getParentRoute: () => office,
  path: '/codes',
  component: lazyRouteComponent(() => import('../office/codes-page.tsx'), 'CodesPage'),
});

const encoder = createRoute({
  getParentRoute: () => office,
  path: '/encoder',
  component: lazyRouteComponent(() => import('../office/encoder-page.tsx'), 'EncoderPage'),
});

const people = createRoute({
  getParentRoute: () => office,
  path: '/people',
  component: lazyRouteComponent(() => import('../office/people-page.tsx'), 'PeoplePage'),
});

const simulcast = createRoute({
  getParentRoute: () => office,
  path: '/simulcast',
  component: lazyRouteComponent(() => import('../office/simulcast-page.tsx'), 'SimulcastPage'),
});

const recordings = createRoute({
  getParentRoute: () => office,
  path: '/recordings',
  component: lazyRouteComponent(() => import('../office/recordings-page.tsx'), 'RecordingsPage'),
});

const mail = createRoute({
  getParentRoute: () => office,
  path: '/mail',
  component: lazyRouteComponent(() => import('../office/mail-page.tsx'), 'MailPage'),
});

const routeTree = root.addChildren([
  studioIndex,
  studio,
  prompter,
  preflight,
  office.addChildren([
    officeIndex,
    shows,
    newShow,
    editShow,
    rehearsalReport,
    calendar,
    catalogue,
    newProduct,
    product,
    importing,
    orders,
    order,
    codes,
    encoder,
    people,
    simulcast,
    recordings,
    mail,
  ]),
]);

/** The router of the crew's pages. */
export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => (
    <p className="flex items-center gap-3 p-8 text-sm text-soft" aria-busy="true">
      <Spinner /> One moment …
    </p>
  ),
  defaultErrorComponent: ({ reset }) => (
    <Failure
      title="Something in this page is wrong"
      detail="Nothing was sent. Try again, or reload the page."
      onRetry={reset}
    />
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
