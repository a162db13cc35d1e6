// The codes of what stands outside of a show: catalogue, people, pictures. A part of the table in problems.ts.

import { type ProblemEntry, problem } from './problem-entry.ts';

export const shopProblems = {
  // Catalogue
  'product-unknown': problem(404, 'There is no such product', 'It may have been archived.'),
  'product-changed': problem(
    412,
    'Somebody else changed this product',
    'Reload it; your input is kept in the form.',
  ),
  'product-invalid': problem(
    422,
    'Something in the product can’t be',
    'Correct the fields named in `errors`.',
  ),
  'csv-unreadable': problem(
    422,
    'This file can’t be read as a product CSV',
    'See `errors`: what was found in which row, and what to do.',
  ),
  'csv-has-problems': problem(
    422,
    'The file has problems, so nothing was imported',
    'Correct the rows in `errors` and import again.',
  ),
  'image-unreadable': problem(422, 'This picture can’t be read', 'Send a PNG, JPEG, WebP or AVIF.'),
  'image-unknown': problem(404, 'There is no such picture', 'Reload the product.'),

  // People
  'person-unknown': problem(404, 'There is no such person', 'Check the list of people.'),
  'membership-invalid': problem(
    422,
    'This membership can’t be',
    'Correct the field named in `field`: a tier of letters and digits, an end that is to come.',
  ),
  'member-without-account': problem(409, 'A guest can’t be a member', 'Ask them to sign up first.'),
  'name-invalid': problem(
    422,
    'This name can’t be used',
    'Use 2 to 24 letters, digits or spaces that nobody else has.',
  ),
  'link-used': problem(
    410,
    'This sign-in link was used or is too old',
    'Start the server with `npm start -- --owner-link` for a new one.',
  ),

  'sign-in-refused': problem(
    401,
    'Address or password is wrong',
    'Try again, or have a sign-in link sent to you.',
  ),
  'email-taken': problem(
    422,
    'Somebody has an account with this address',
    'Sign in, or use another address.',
  ),
  'email-invalid': problem(422, 'This is no e-mail address', 'Correct it.'),
  'password-unsuitable': problem(422, 'This password can’t be used', 'Use 8 to 128 characters.'),
  'account-complete': problem(
    409,
    'This account has an address already',
    'Change it in your account.',
  ),
  'role-not-for-guests': problem(
    409,
    'A guest can’t have this role',
    'They have to give an address and a password first.',
  ),
  'last-owner': problem(409, 'This is the only owner', 'Make somebody else an owner first.'),
  'mail-unavailable': problem(
    502,
    'The mail server doesn’t take letters',
    'Check SMTP_URL; the letter was not sent.',
    true,
  ),

  // Media
  'media-sdp-invalid': problem(
    400,
    'This is not a usable WebRTC offer',
    'Send an SDP offer with H.264 or VP8 video as application/sdp.',
  ),
  'media-publisher-exists': problem(
    409,
    'Another host is on air in this show',
    'Stop the other one first.',
  ),
  'media-no-publisher': problem(
    404,
    'No picture is on air',
    'Wait: the page plays by itself when the host is there.',
    true,
  ),
  'media-capacity': problem(
    503,
    'No room for another viewer right now',
    'Try again in a moment.',
    true,
  ),
  'media-unavailable': problem(
    503,
    'The media engine is restarting',
    'Try again in a second.',
    true,
  ),
  'hls-codec-unsupported': problem(
    409,
    'This show can’t be had by HLS',
    'Its host sends VP8: watch by WHEP, or go live from a browser or encoder that sends H.264.',
  ),
  'hls-request-invalid': problem(
    400,
    'The playlist has no such place',
    'Ask with `_HLS_msn` and `_HLS_part` as the playlist counts, at most one segment ahead.',
  ),
  'hls-late': problem(
    503,
    'What was waited for didn’t come',
    'Load the playlist without waiting; the host may be away.',
    true,
  ),
  'hls-file-unknown': problem(
    404,
    'This part of the show isn’t here',
    'Load the playlist again: what it names is here, what it named a minute ago may be gone.',
  ),
  'media-session-unknown': problem(404, 'There is no such media session', 'Start a new one.'),
} as const satisfies Record<string, ProblemEntry>;
