// The entry of the crew's pages: studio and office. Nothing is decided here; it joins cache, router and
// the place for notices.

import './crew.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { Toaster } from '../design/toast.tsx';
import { router } from './router.tsx';
import { createQueryClient } from './shop-data.ts';

const root = document.getElementById('root');
if (!root) throw new Error('crew.html has no place for the page');

createRoot(root).render(
  <QueryClientProvider client={createQueryClient()}>
    <RouterProvider router={router} />
    <Toaster />
  </QueryClientProvider>,
);
