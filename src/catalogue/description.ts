// Descriptions come from files and editors of other people and stand in the crowd's page, so only the
// markup of plain text survives. Cleaning twice is cleaning once.

import sanitizeHtml from 'sanitize-html';

const policy: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'br',
    'hr',
    'div',
    'span',
    'strong',
    'b',
    'em',
    'i',
    'u',
    's',
    'small',
    'sub',
    'sup',
    'blockquote',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'ul',
    'ol',
    'li',
    'dl',
    'dt',
    'dd',
    'a',
    'table',
    'caption',
    'thead',
    'tbody',
    'tfoot',
    'tr',
    'th',
    'td',
  ],
  allowedAttributes: {
    a: ['href', 'rel'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan', 'scope'],
    '*': ['lang', 'dir'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    // A page has one first heading, and it is the product's title.
    h1: 'h2',
    a: (tagName, attributes) => ({ tagName, attribs: { ...attributes, rel: 'noopener nofollow' } }),
  },
};

const active =
  /<\s*(script|iframe|object|embed|form|input|svg|math|base|link)\b|<[^>]*\son[a-z]+\s*=|(?:java|vb)script:/i;

/** The HTML that may stand in a page, and whether something that acts (script, form, …) was taken out. */
export const cleanDescription = (html: string): { html: string; hadActiveParts: boolean } => ({
  html: settled(html),
  hadActiveParts: active.test(html),
});

/** Broken markup (`<p><b<p>`) takes a second or third pass until it stays as it is. */
const settled = (html: string): string => {
  let last = html;
  for (let round = 0; round < 8; round += 1) {
    const next = sanitizeHtml(last, policy).trim();
    if (next === last) return next;
    last = next;
  }
  return sanitizeHtml(last, { allowedTags: [] }).trim();
};
