// A way inside the office that looks like a button: the router's own link, so that no page is loaded anew.

import { createLink } from '@tanstack/react-router';
import { ButtonLink } from '../design/button.tsx';

export const ActionLink = createLink(ButtonLink);
