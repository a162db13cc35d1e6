// Every limit on what can grow, in one place. Code never carries a bound of its own: a number that a
// stranger can push against stands here, with where it came from; those that the crowd's page needs too, in
// `crowd-limits.ts`.

import { crowdLimits } from './crowd-limits.ts';

export const limits = {
  ...crowdLimits,

  /** Commands that may wait for one stream's writer; beyond it the door answers `busy` (retry). */
  mailboxCommandsMax: 50_000,
  /** Commands decided and appended in one transaction; 1,000 measured 91,000 events/s on 2 cores. */
  batchCommandsMax: 1_000,
  /** Accepted command ids that a stream remembers in memory; older ones are looked up in the log. */
  commandWindowMax: 100_000,
  /** Refused and idle commands that a stream remembers, so that a late copy gets the first answer. */
  refusalWindowMax: 20_000,
  /** How often a command is decided again when another writer came between; then it is refused. */
  decideAttemptsMax: 5,
  /** Events between two snapshots of a stream. */
  snapshotEveryEvents: 5_000,
  /** Streams in memory; beyond it idle ones are unloaded, and when none is idle the door answers `busy`. */
  streamsLoadedMax: 20_000,
  /** A stream that nobody sent anything to for so long leaves memory. */
  streamIdleMs: 10 * 60_000,
  /** A node that says nothing for so long has lost its streams to others. It speaks three times as often. */
  nodeLeaseMs: 15_000,
  /** Events that policies work on at once; beyond it they stop reading. */
  policyEventsMax: 2_000,
  /** How often policies look for what other nodes committed; their own node wakes them at once. */
  policyPollMs: 1_000,
  /** Longest wait between two tries of a policy that the outside world fails. */
  policyRetryMsMax: 60_000,

  /** One message from a socket. A chat line is 500 characters, at most 4 bytes each, plus its frame. */
  socketMessageBytesMax: 8 * 1024,
  /** Bytes queued for a socket before chat and reactions are withheld from it. */
  socketSlowBytes: 256 * 1024,
  /** Bytes queued for a socket before it is closed as a slow reader. */
  socketQueueBytesMax: 1024 * 1024,
  /** A socket that answers no ping for so long is gone. */
  socketSilentMs: 45_000,
  /** Messages a second that one socket may send, with a burst of twice as many. */
  socketMessagesPerSecond: 20,
  socketsPerAddressMax: 5_000,
  /** How often whoever is in a show with a ticket or as a member is asked again. */
  entryCheckMs: 20_000,
  /** Messages refused for their form or rate, more than those taken, after which a socket is closed. */
  socketRefusedMax: 100,

  /** A frame under load: at most one for each tick and room. */
  frameTickMs: 50,
  /** Above so many sockets in a room the tick is longer: the system call is the cost. */
  frameSlowTickSockets: 500,
  /** At 50 lines a second 5 lines a write; 115 ms was measured to cost the same and to come later. */
  frameSlowTickMs: 100,
  /** The fast lane leaves at once; in a busy room at most once in so many milliseconds. */
  fastFrameMsMax: 15,
  /** In a burst it waits for the next commit, at most so long: the answers come first. */
  fastFrameBurstMsMax: 30,
  /** How many watchers there are is told at most once in so many milliseconds; so is the crew's pulse. */
  presenceMs: 1_000,
  /** Messages of each lane that a room keeps for those who come back; further back is a snapshot. */
  roomRingMessages: 512,
  /** A room that nobody watches and that isn't live is forgotten after so long. */
  roomIdleMs: 60_000,
  /** How often a watched room compares itself with the log, for what was committed without being told. */
  roomCheckMs: 5_000,
  /** Variants whose stock is compared with the log in one check; the next check takes the next ones. */
  roomCheckVariants: 20,
  /**
   * Chat lines a second that a viewer gets, with a burst of one second's worth. Nobody reads sixty lines
   * a second; above it lines are sampled, except the crew's, one's own, mentions and replies.
   */
  chatShownPerSecond: 60,
  /** Crew messages (claims, sales) in one tick; of more the newest are shown and the pulse has the sum. */
  crewMessagesPerTickMax: 50,
  /** Chat messages that a newcomer gets. */
  chatWindowMax: 100,
  /** Messages a person may send: so many within so many milliseconds. */
  chatBurst: 5,
  chatBurstMs: 5_000,
  /** Reactions from one person that count in one second. */
  reactionsPerSecond: 20,
  /** How often counted reactions go to the log. */
  reactionsLogMs: 2_000,

  titleMax: 120,
  /** Who pays for a show, by name. */
  partnerMax: 80,
  /** Where a show's own cover is. */
  coverUrlMax: 300,
  noteMax: 2_000,
  segmentsMax: 60,
  /** What is ready to fire in one segment: more than nine have no key of their own. */
  segmentCuesMax: 9,
  /** Changes of the run of show in one request: each segment moved, changed and another put beside it. */
  segmentEditsMax: 200,
  /**
   * How often a host is reminded to say aloud what their stake is. The FTC's endorsement guides ask for it
   * repeatedly in a live stream (16 CFR 255; docs/rules/disclosure.md); they name no figure.
   */
  disclosureAloudMs: 10 * 60_000,
  /** Newcomers since it was said last that call for it again: so many, and so large a part of the room. */
  disclosureNewcomersMin: 10,
  disclosureNewcomersShare: 0.5,
  shelfProductsMax: 200,
  /** As memberships call their tiers. */
  tierNameMax: 40,
  /** Materials of a workshop, and a quantity such as `2 × 500 g`. */
  materialsMax: 60,
  materialQuantityMax: 30,
  offersOpenMax: 20,
  offerVariantsMax: 50,
  /** Parts of a bundle, and units of one part in it: a table set for a family and its guests. */
  bundlePartsMax: 12,
  bundlePartUnitsMax: 100,
  offerUnitsMax: 1_000_000,
  offerMsMax: 24 * 3_600_000,
  claimQuantityMax: 100,
  /** Who waits for a unit of one offer to come back: more would never be served. */
  commentLineMax: 2_000,
  /** Private replies to comments that somebody finds when they come back. */
  repliesKept: 5,
  holdMs: 120_000,
  holdMsMin: 15_000,
  holdMsMax: 3_600_000,
  /** Lots of one show, bids on one lot, and rows of its table of steps. */
  lotsMax: 500,
  lotBidsMax: 200_000,
  lotStepsMax: 30,
  lotUnitsMax: 1_000,
  bidMinorMax: 1_000_000_000_00,
  bidUndoMsMax: 60_000,
  /** The picture delay that a hammer waits for; whoever is further behind watches a recording. */
  allowanceMsMax: 10_000,
  /** A hammer that comes later than this was missed. */
  hammerLateMsMax: 3_000,
  /** After a missed hammer bidding goes on for at least this long. */
  missedHammerMs: 10_000,
  /** A poll: what fits on a phone and can be answered while somebody talks. */
  pollQuestionMax: 140,
  pollOptionMax: 60,
  pollOptionsMax: 6,
  pollMsMin: 10_000,
  pollMsMax: 600_000,
  pollsPerShowMax: 100,
  /** How often one person may choose in one poll. */
  pollVotesPerPersonMax: 10,
  /** One caption: two lines on a screen, and what a browser that listens gives for a long sentence. */
  captionTextMax: 300,
  captionSpokenMsMax: 60_000,
  /** So many captions in so long: an encoder's come as fast as somebody speaks. */
  captionBurst: 20,
  captionBurstMs: 10_000,
  /** People on stage at once, the host among them: what a host's browser can compose. */
  stagePeopleMax: 4,
  /** Invitations of one show, also those that were taken back. */
  stageInvitationsMax: 60,
  stageLinkMs: 24 * 3_600_000,
  guestNameMax: 40,
  /** Media sessions of one show's stage: four who send, each seen by three and by the crew. */
  stageSessionsMax: 40,
  /** Who wants to hear what changes on a stage waits so long for it, and so many wait at once. */
  stageWaitMs: 20_000,
  stageWaitersMax: 60,
  /** Shows whose stage is kept in memory. */
  stagesKept: 64,
  /** How long the still picture of a guest whose line died stays. */
  stageGraceMs: 15_000,
  /** How long the winner of a lot may take to pay. */
  lotPayMsMin: 60_000,
  lotPayMsMax: 7 * 24 * 3_600_000,
  lotRunGapMsMax: 600_000,
  dropsMax: 50,
  /** How often one person may leave a drop and still enter again: each entry takes a number for good. */
  dropExitsMax: 9,
  dropTiersMax: 5,
  /** How far a drop's line has come is told at most so often; that it opened or closed at once. */
  dropFiguresMs: 1_000,
  /** Holds that one step of a drop places; the next step follows at once. */
  dropServedAtOnce: 2_000,
  /** How long ahead a drop may be announced. */
  dropAheadMsMax: 90 * 24 * 3_600_000,
  dropWordsMax: 64,
  reasonMax: 200,
  buyersBarredMax: 10_000,
  /** While a payment is under way a hold can't expire; a payment that says nothing is given up. */
  paymentMs: 180_000,
  /** Orders that one promo code may stand in, its products, and the most that it or its minimum may say. */
  codeUsesMax: 50_000,
  codeProductsMax: 200,
  codeMinorMax: 1_000_000_00,
  /** Given-up placings of orders whose use could still be asked for: the door that lags is seconds behind. */
  codeUsesBarredKept: 1_000,
  /** How often one person may try a code in a minute: enough to mistype, too few to guess. */
  codeTriesPerMinute: 20,
  /** How often one address may try to put a card on file in a minute: too few to try stolen numbers. */
  cardTriesPerMinute: 10,
  /** A buyer's own limit that is raised or removed counts so much later: a night to think it over. */
  limitRaiseMs: 24 * 3_600_000,
  /** What was reserved of a limit and never confirmed lapses; claims and bids are confirmed within a second. */
  spendingLapseMs: 120_000,
  /** How long what was paid counts for the limit of its show. */
  spendingKeptMs: 30 * 24 * 3_600_000,
  /** Holds and lots that somebody with limits has promised to pay at the same time. */
  pledgesMax: 500,
  stockUnitsMax: 10_000_000,
  /** How long a show waits for its host's picture before the crowd sees that it is gone. */
  publisherGraceMs: 30_000,

  /** What an HLS playlist reaches back: more than the eighteen seconds that a delta update may not leave out. */
  hlsWindowMs: 30_000,
  /** Media that HLS keeps in memory for one show: a minute at 5 Mbit/s, twice over as parts and as segments. */
  hlsShowBytesMax: 40 * 1024 * 1024,
  /** Media of all shows together, segments that were joined of parts among them. */
  hlsBytesMax: 256 * 1024 * 1024,
  hlsShowsMax: 8,
  /** Requests of one show that wait for what isn't there yet: 5,000 viewers, each for a playlist and a part. */
  hlsWaitingMax: 10_000,
  /** How long one waits at most: three target durations. */
  hlsWaitMs: 9_000,
  /** How long is waited for the next part when it is asked whether a host sends: parts last a third of a second. */
  hlsFlowMs: 500,
  /** How long it is known of a show that it is for everybody, when another node may have closed it. */
  hlsOpenMs: 1_000,
  /** How long HLS of a show stays after its publisher went, and after its end. */
  hlsAbsentMs: 90_000,
  hlsEndedMs: 60_000,
  /** How often whoever watches a show with a ticket or as a member by HLS is asked again, and how many are known. */
  hlsEntryMs: 20_000,
  hlsEntriesMax: 20_000,

  /** A camera's or microphone's name as a browser tells it, and checks of one show that are shown. */
  deviceNameMax: 200,
  preflightsShownMax: 10,
  /** Test streams at once, and when one that wasn't ended is cut off: it needs eight seconds. */
  lineTestsMax: 8,
  lineTestMs: 30_000,

  /** Receipts under one signature; a path of ten hashes leads to each. */
  receiptsSignedMax: 1_024,
  /** Published logs that are sent at the same time, each a page of memory; beyond it the door answers `busy`. */
  logExportsMax: 16,
  /** One address can't take all the places by reading slowly. */
  logExportsPerAddressMax: 2,
  /** Who takes nothing of a log for so long is cut off. */
  logExportSilentMs: 30_000,
  /** Proofs of drops that are kept for whoever asks next: the drops of a night or two. */
  proofsKeptMax: 64,
  /** How often one address may ask for a published log or a receipt to keep, in a minute. */
  logExportsPerMinute: 30,
  receiptFilesPerMinute: 120,
  /** One line of a log that is verified: an event of a whole shelf with its stories. */
  logLineBytesMax: 4 * 1024 * 1024,

  /** Moments of a replay that are sent; the last ones of a longer show. */
  replayMomentsMax: 20_000,
  /** Captions of a replay: three of four hours without a pause. */
  replayCuesMax: 10_000,
  /** Prices of lots among them, in one show: each a second apart, the last ones of a longer auction. */
  replayPricesMax: 5_000,
  /** Clips of one show: a lot each, and its demonstrations. */
  clipsMax: 1_000,
  /** A longer lot or demonstration is shown by its last half hour. */
  clipMsMax: 30 * 60_000,
  /** Clips that one page tells of. */
  clipsShown: 24,
  /** How often a clip is tried before it is noted as failed. */
  clipTriesMax: 5,
  /** Recordings and clips whose time is over that one round of keeping takes away; the next takes the rest. */
  keptRoundMax: 200,
  /** How long recordings may be kept by rule: ten years. */
  keptDaysMax: 3_650,

  /** Shows of one series, and how far ahead they are made. */
  seriesShowsMax: 104,
  seriesAheadMs: 60 * 24 * 3_600_000,
  seriesMax: 200,
  /** How long before its start a show is said to begin. */
  remindBeforeMs: 10 * 60_000,
  /** A show is announced so long after it was planned: what is taken back at once is told to nobody. */
  announceDelayMs: 60_000,
  /** Moved again within this time it is told once. */
  moveDelayMs: 5_000,
  /** How often reminders look for what is due; what is committed here wakes them at once. */
  remindPollMs: 5_000,
  /** Reminders under way at once, and how long one may take before another node may try it. */
  remindersAtOnce: 20,
  reminderMs: 30_000,
  reminderLeaseMs: 90_000,
  /** Tries of one reminder: after the last it is given up. The waits between grow from half a minute to two hours. */
  reminderTriesMax: 6,
  /** How long it is remembered what was told. */
  remindersKeptMs: 90 * 24 * 3_600_000,
  /** Shows and hosts that one person may follow, and their browsers that are told. */
  wishesMax: 500,
  pushSubscriptionsMax: 10,
  pushPayloadBytesMax: 3_000,
  /** Letters that ask an address to confirm itself: in a day to one address, and by one person. */
  confirmLettersPerAddress: 3,
  confirmLettersPerPerson: 5,
  /** The same, from one network address in an hour. */
  confirmLettersPerHour: 10,
  confirmLinkMs: 3 * 24 * 3_600_000,
  /** Coming shows that a calendar lists, and items that a search finds. */
  calendarShowsMax: 300,
  comingItemsMax: 60,
  searchTextMax: 80,
  searchWordsMax: 6,
  teaserMax: 600,

  /** API requests a minute from one address; a crowd behind one address is many pages. */
  requestsPerMinute: 6_000,
  requestBytesMax: 256 * 1024,
  sdpBytesMax: 64 * 1024,
  /** A product with a long description and 100 variants. */
  productBytesMax: 2 * 1024 * 1024,
  /** What somebody sends to sign in or up. */
  authBytesMax: 16 * 1024,
  csvBytesMax: 20 * 1024 * 1024,
  /** One line and one field of an import: longer is a forgotten quote, not a description. */
  csvFieldBytesMax: 1024 * 1024,
  csvProductsMax: 5_000,
  /** As many as Shopify's own exports carry for one product. */
  productVariantsMax: 100,
  productImagesMax: 250,
  imageBytesMax: 10 * 1024 * 1024,
  /** A picture of 50 million pixels decodes to 200 MB; larger ones are bombs or mistakes. */
  imagePixelsMax: 50_000_000,
  pageItemsMax: 200,

  /** Rehearsals at once; how long one may take, and wait for its host; events of one, all of them in memory. */
  rehearsalsMax: 3,
  rehearsalMs: 2 * 3_600_000,
  rehearsalIdleMs: 20 * 60_000,
  rehearsalEventsMax: 60_000,
  /** How long a rehearsal that ended can still be looked at before its memory is given back. */
  rehearsalOverMs: 60_000,
  /** Reports kept of one show, and questions and refusals that one lists. */
  rehearsalsKeptMax: 20,
  rehearsalQuestionsKept: 20,
  rehearsalRefusalsKept: 12,

  /** Stream keys of one show, and of one host. */
  streamKeysMax: 10,
  /** How long a token for another player opens a show's door: an evening, and what it takes to set up. */
  watchTokenMs: 12 * 3_600_000,
  /** Wrong stream keys of one address before it isn't asked any more, for how long, and of how many this is known. */
  wrongStreamKeysMax: 10,
  wrongStreamKeysMs: 10 * 60_000,
  wrongStreamKeyAddressesMax: 10_000,
  /** Destinations of a shop and, switched on, of one show; pushes of all shows: each is a process of about 100 MB. */
  simulcastDestinationsMax: 24,
  simulcastPerShowMax: 8,
  pushesMax: 16,
  /** Destinations that are tried at once. */
  simulcastTrialsMax: 2,
  /** How long destinations are held (with silence) after the publisher went. */
  pushAbsentMs: 90_000,
  /** How long one part of the program may take to stop: what it holds is in the log already. */
  stopPartMs: 4_000,
  /** All of them together; supervisors kill after ten seconds (Docker) or more. */
  stopMs: 8_000,
} as const;
