// What the simulated crowd says, by occasion and language. `{title}` is the product, `{name}` the person
// who is answered. A language that has nothing for an occasion uses English, as people do.

import type { Language } from './cast.ts';
import type { Chance } from './chance.ts';

export type Occasion =
  | 'hello'
  | 'first-hello'
  | 'likes'
  | 'asks'
  | 'suggests'
  | 'offer'
  | 'shout'
  | 'claimed'
  | 'paid'
  | 'missed'
  | 'let-go'
  | 'answers'
  | 'to-host'
  | 'small-talk'
  | 'back'
  | 'rude';

type Lines = Partial<Record<Language, readonly string[]>> & { readonly en: readonly string[] };

const lines: Record<Occasion, Lines> = {
  hello: {
    en: [
      'evening everyone',
      'hi from Leeds, kettle is on',
      'made it home in time!',
      'hello kiln people',
      'hey all 👋',
    ],
    it: ['buonasera a tutti', 'ciao da Treviso!', 'eccomi, appena in tempo'],
    de: ['guten Abend zusammen', 'hallo aus Bremen', 'wieder da, wie jeden zweiten Dienstag'],
    fr: ['bonsoir tout le monde', 'coucou de Nantes', 'me voilà, tisane à la main'],
    es: ['buenas noches desde Gijón', 'hola a todos'],
    pl: ['dobry wieczór wszystkim', 'cześć z Gdyni'],
    cs: ['ahoj všem', 'dobrý večer z Brna'],
    nl: ['goedenavond!', 'hoi vanuit Utrecht'],
    ar: ['مساء الخير جميعاً', 'أهلاً بالجميع'],
    pt: ['boa noite de Braga', 'olá a todos'],
  },
  'first-hello': {
    en: [
      'first time here, what did I miss',
      'a friend sent me the link, hi',
      'new here 🙂',
      'never watched one of these before',
    ],
    it: ['prima volta qui, ciao'],
    de: ['zum ersten Mal dabei, hallo'],
    fr: ['première fois ici, bonsoir'],
    es: ['mi primera vez, hola'],
  },
  likes: {
    en: [
      'oh that one is lovely',
      'the {title} looks better here than in the pictures',
      'hold it to the light once more please',
      'that colour 😍',
      'I keep coming back for the {title}',
      'you can see it was made by hand',
      'simple and right',
    ],
    it: ['che bello', 'questo colore è una meraviglia', 'si vede che è fatto a mano'],
    de: ['sehr schön', 'die Farbe ist der Wahnsinn', 'genau mein Fall', 'so schlicht und so gut'],
    fr: ['magnifique', 'quelle couleur', 'on voit le travail de la main'],
    es: ['qué bonito', 'me encanta ese tono'],
    pl: ['pęknięcie w szkliwie jest najlepsze', 'piękne', 'ten kolor!'],
    cs: ['to je krása', 'tohle bych chtěl domů'],
    nl: ['wat mooi', 'prachtige kleur'],
    ar: ['جميل جداً', 'اللون رائع'],
    pt: ['que lindo', 'adoro essa cor'],
  },
  asks: {
    en: [
      'is it safe in the dishwasher?',
      'how tall is the {title}?',
      'does it ship to Norway?',
      'how long does one take to make?',
      'can I see the underside?',
      'is there a set of four?',
      'what is it made of?',
      'will there be more of the {title}?',
      'how do you pack it?',
      'can it be a gift, with a note?',
    ],
    it: ['va in lavastoviglie?', 'quanto è alto?', 'spedite in Sardegna?'],
    de: [
      'spülmaschinenfest?',
      'wie groß ist das?',
      'kommt davon noch etwas nach?',
      'wie wird das verpackt?',
    ],
    fr: ['ça passe au lave-vaisselle ?', 'quelle taille exactement ?', 'vous livrez en Belgique ?'],
    es: ['¿cuánto mide?', '¿se puede meter en el microondas?'],
    pl: ['czy można do zmywarki?', 'jaka to wysokość?'],
    cs: ['může to do myčky?', 'jak je to vysoké?'],
    nl: ['kan het in de vaatwasser?', 'hoe groot is deze?'],
    ar: ['هل يمكن غسله في غسالة الصحون؟', 'كم ارتفاعه؟'],
    pt: ['pode ir à máquina?', 'qual é a altura?'],
  },
  suggests: {
    en: [
      'could the next one be in ochre?',
      'I would love a smaller one',
      'please do a pair next time',
      'a lid for this one would be perfect',
    ],
    de: ['gibt es das irgendwann in Grün?'],
    cs: ['a příště třeba v okrové?', 'chtělo by to menší'],
    fr: ['et une version plus petite un jour ?'],
    it: ['e una versione piccola?'],
  },
  offer: {
    en: [
      'here we go',
      'ok that is a fair price',
      'finger on the button',
      'good luck everyone',
      'all in price is on the button, love that',
    ],
    it: ['ci siamo', 'prezzo giusto'],
    de: ['jetzt aber', 'fairer Preis', 'Daumen liegt bereit'],
    fr: ['c’est parti', 'bon prix'],
    es: ['vamos', 'buen precio'],
    pl: ['no to jedziemy'],
    nl: ['daar gaan we'],
  },
  shout: {
    en: ['KILN! KILN! KILN!', 'KILN! KILN!', 'kiln kiln kiln 🔥', 'KILN! KILN! KILN! KILN!'],
  },
  claimed: {
    en: ['got one!', 'yes!! mine', 'claimed, hands shaking', 'that is my birthday present to me'],
    it: ['preso!', 'mio!'],
    de: ['hab eins!', 'meins!'],
    fr: ['j’en ai un !', 'eu !'],
    es: ['¡mío!', '¡lo tengo!'],
    pl: ['mam!'],
    cs: ['mám ji!'],
    nl: ['gelukt!'],
    ar: ['حصلت على واحدة!'],
    pt: ['consegui!'],
  },
  paid: {
    en: [
      'paid, thank you Mina',
      'and ordered. the {title} comes to Leeds',
      'done! thank you',
      'my third one from this kiln',
    ],
    de: ['bezahlt, danke!', 'bestellt, freu mich'],
    fr: ['commandé, merci !'],
    it: ['ordinato, grazie!'],
    es: ['pagado, gracias'],
  },
  missed: {
    en: ['too slow again 😅', 'gone already?', '2 in carts, I am waiting for those', 'next time'],
    it: ['troppo lenta', 'già finito?'],
    de: ['zu langsam', 'schon weg?'],
    fr: ['trop tard pour moi', 'déjà parti ?'],
    es: ['se me escapó'],
    pl: ['nie zdążyłem'],
  },
  'let-go': {
    en: [
      'I let mine go, somebody take it',
      'changed my mind, there is one back in the pool',
      'sorry, can’t this month',
    ],
    de: ['meins ist wieder frei'],
    fr: ['je laisse le mien, servez-vous'],
  },
  answers: {
    en: [
      '@{name} yes, mine went through it for a year',
      '@{name} it means we open the kiln together, stay for it',
      '@{name} mine arrived packed like an egg',
      '@{name} she said it earlier, about a hand tall',
      '@{name} the price with shipping is on the button',
    ],
    de: ['@{name} ja, bei mir seit einem Jahr ohne Probleme'],
    fr: ['@{name} oui, aucun souci chez moi'],
    it: ['@{name} sì, la mia va benissimo'],
  },
  'to-host': {
    en: [
      'love that story',
      'tell us more about that',
      'your grandfather would be proud',
      'I could listen to this for hours',
      'haha yes',
    ],
    it: ['che bella storia', 'brava Mina'],
    de: ['schöne Geschichte', 'erzähl weiter'],
    fr: ['quelle belle histoire', 'encore !'],
    es: ['qué historia más bonita'],
    pl: ['piękna historia'],
    pt: ['que bela história'],
  },
  'small-talk': {
    en: [
      'mine from last time holds the keys now',
      'my cat watches with me',
      'mine arrived today, packed like an egg',
      'bought the small one in spring, use it every day',
      'rain here, perfect evening for this',
      'telling my sister to come in',
    ],
    it: ['qui piove, serata perfetta', 'la mia tazza di aprile è ancora la preferita'],
    de: ['meine Schale steht jeden Morgen auf dem Tisch', 'Regen hier, passt genau'],
    fr: ['la mienne est arrivée aujourd’hui, emballée comme un œuf', 'mon chat regarde avec moi'],
    es: ['la mía la uso todos los días'],
    pl: ['moja miska z wiosny w użyciu codziennie'],
    cs: ['mám doma už dvě'],
    nl: ['de mijne staat op tafel, elke dag'],
  },
  // What a moderator is for. Rehearsals alone use it.
  rude: {
    en: [
      'boring. next',
      'my toddler makes better ones',
      'are you even listening to anybody in here',
      'overpriced junk, change my mind',
    ],
    de: ['wie langweilig ist das denn'],
    fr: ['c’est nul et c’est cher'],
    it: ['che noia, e costa pure troppo'],
  },
  back: {
    en: ['back, train tunnel', 'lost you for a second', 'my wifi again'],
    de: ['wieder da, Funkloch'],
    fr: ['me revoilà, réseau capricieux'],
    it: ['rieccomi'],
  },
};

export const occasions = Object.keys(lines) as readonly Occasion[];

/** A line for an occasion; with its blanks filled. */
export const lineFor = (
  occasion: Occasion,
  language: Language,
  chance: Chance,
  blanks: { readonly title?: string; readonly name?: string } = {},
): string => {
  const known = lines[occasion];
  const line = chance.of(known[language] ?? known.en) ?? '';
  return line.replace('{title}', shortTitle(blanks.title)).replace('{name}', blanks.name ?? 'you');
};

/** As people say it: without the variant and the small print. */
const shortTitle = (title: string | undefined): string =>
  (title ?? 'one')
    .split(/[·,(|/]| - /, 1)[0]!
    .trim()
    .toLowerCase();
