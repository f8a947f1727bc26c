/** The pane beside the conversation: a document at a quote, marked and scrolled into view. */

import { documentPath, json, Problem, send, textOf } from './api.js';
import { announce, append, el, find, icon, iconButton } from './dom.js';
import { pagesOf, pictures, wayButtons } from './page.js';
import { blocks, shown, slice, words } from './text.js';
import { grade } from './wording.js';

/** How much of a text is loaded before and after a quote, and by how much "show more" adds. */
const BEFORE = 4000;
const AFTER = 8000;
const MORE = 20000;

const narrow = matchMedia('(max-width: 860px)');

/**
 * @typedef {import('./text.js').Span} Span
 * @typedef {object} Place What is to be opened.
 * @property {string} documentId
 * @property {string} title
 * @property {string} [quote] the words that are to be marked; without them nothing is
 * @property {Span} [span] where they stood when they were quoted
 * @property {Span | null} [highlight] the short answer inside them
 * @property {{answerId: string, number: number}} [citation] where their anchor is kept, if it is
 */

/** @type {HTMLElement | null} What had the focus before the pane was opened. */
let opener = null;
/** Counts what was opened, so that what loads late is not shown. */
let turn = 0;
/** @type {string | null} */
let openId = null;

/** Have the pane close with Escape, and follow the width of the window. */
export function setUpPane() {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !find('pane').hidden && !document.querySelector('dialog[open]')) closePane();
  });
  narrow.addEventListener('change', coverRest);
}

/** Close the pane and give the focus back. */
export function closePane() {
  turn += 1;
  openId = null;
  find('pane').hidden = true;
  find('shell').classList.remove('with-pane');
  coverRest();
  current(null);
  if (opener?.isConnected) opener.focus();
  opener = null;
}

/**
 * Close the pane if it shows a document that is no more.
 * @param {string} documentId
 */
export function closePaneOf(documentId) {
  if (openId === documentId) closePane();
}

/**
 * Open a document, at a quote where one is given.
 * @param {Place} place
 * @param {HTMLElement} trigger gets the focus back
 */
export async function openPane(place, trigger) {
  const mine = (turn += 1);
  opener = trigger;
  openId = place.documentId;
  current(trigger);
  const pane = find('pane');
  pane.hidden = false;
  find('shell').classList.add('with-pane');
  coverRest();
  const body = el(
    'div',
    { class: 'pane-body text', 'aria-busy': 'true' },
    el('p', { class: 'quiet' }, 'Opening the document…'),
  );
  const heading = el('h2', { class: 'pane-title', tabindex: '-1' }, words(place.title || 'Document'));
  const facts = el('p', { class: 'meta' });
  pane.replaceChildren(header(heading, facts, place), body);
  heading.focus({ preventScroll: true });
  try {
    const found = await resolved(place);
    const details = await json(documentPath(place.documentId));
    if (mine !== turn) return;
    heading.replaceChildren(words(details.title || details.source));
    facts.replaceChildren(...factNodes(details));
    await new Reading(body, details, place, found).open(() => mine === turn);
  } catch (error) {
    if (mine === turn) body.replaceChildren(...lost(place, error));
  } finally {
    body.removeAttribute('aria-busy');
  }
}

/** Where a citation's words stand now. Without a kept anchor they are taken to stand where they stood. */
async function resolved(place) {
  const there = { status: 'exact', ...place.span };
  if (!place.citation) return there;
  const { answerId, number } = place.citation;
  const checked = await send('POST', `/answers/${encodeURIComponent(answerId)}/check`);
  return checked.citations.find((/** @type {{number: number}} */ one) => one.number === number) ?? there;
}

/** A document being read: the part of its text that is loaded, and what is marked in it. */
class Reading {
  constructor(body, details, place, found) {
    this.body = body;
    this.details = details;
    this.place = place;
    this.status = found.status;
    this.mark = found.start === undefined || found.start === null ? null : { start: found.start, end: found.end };
    const anchor = this.mark ?? { start: 0, end: 0 };
    this.start = Math.max(0, anchor.start - BEFORE);
    this.end = Math.min(details.characters, anchor.end + AFTER);
    this.text = '';
    /** @type {number[]} */
    this.pages = [];
    /** @type {'page' | 'text'} */
    this.way = 'text';
  }

  async open(/** @type {() => boolean} */ wanted) {
    this.text = await textOf(this.place.documentId, this.start, this.end);
    if (!wanted()) return;
    if (this.mark && this.place.quote !== undefined && !this.holdsQuote()) {
      this.status = 'changed';
      this.mark = null;
    }
    if (this.details.pictures && this.mark) {
      this.pages = await pagesOf(this.place.documentId, this.mark);
      if (!wanted()) return;
      if (this.pages.length) this.way = 'page';
    }
    this.show();
    this.toMark();
    if (this.mark) announce('The document is open at the quote.');
  }

  toMark() {
    const mark = this.body.querySelector('mark');
    if (mark) mark.scrollIntoView({ block: 'center' });
    else this.body.scrollTop = 0;
  }

  choose(/** @type {'page' | 'text'} */ way) {
    this.way = way;
    this.show();
    this.toMark();
    /** @type {HTMLElement | null} */ (this.body.querySelector('[aria-pressed="true"]'))?.focus();
  }

  holdsQuote() {
    return slice(this.text, this.mark.start - this.start, this.mark.end - this.start) === this.place.quote;
  }

  show() {
    const shift = this.mark && this.place.span ? this.mark.start - this.place.span.start : 0;
    const short = this.place.highlight;
    const highlight = short ? { start: short.start + shift, end: short.end + shift } : null;
    this.body.replaceChildren();
    append(
      this.body,
      ...noticeNodes(this.status, this.place),
      this.pages.length > 0 && wayButtons(this.way, (way) => this.choose(way)),
    );
    if (this.way === 'page') {
      append(this.body, ...pictures(this.place.documentId, this.pages, this.mark, this.place.quote ?? ''));
      return;
    }
    append(
      this.body,
      this.start > 0 && this.more('Show what comes before', () => this.extend(-MORE)),
      ...blocks(this.text, this.start, this.details.sections, this.mark, highlight),
      this.end < this.details.characters && this.more('Show more', () => this.extend(MORE)),
    );
  }

  more(label, onclick) {
    return el('button', { type: 'button', class: 'secondary more', onclick }, label);
  }

  async extend(by) {
    const { body, place, details } = this;
    const fromEnd = body.scrollHeight - body.scrollTop;
    const fromStart = body.scrollTop;
    try {
      if (by < 0) {
        const start = Math.max(0, this.start + by);
        this.text = (await textOf(place.documentId, start, this.start)) + this.text;
        this.start = start;
      } else {
        const end = Math.min(details.characters, this.end + by);
        this.text += await textOf(place.documentId, this.end, end);
        this.end = end;
      }
    } catch (error) {
      if (error instanceof Problem) announce(error.detail);
      return;
    }
    this.show();
    body.scrollTop = by < 0 ? body.scrollHeight - fromEnd : fromStart;
    body.focus({ preventScroll: true });
  }
}

function header(heading, facts, place) {
  const link = place.citation
    ? `/answers/${encodeURIComponent(place.citation.answerId)}/citations/${place.citation.number}`
    : viewPath(place);
  return el(
    'header',
    { class: 'pane-head' },
    el('div', { class: 'pane-names' }, heading, facts),
    el(
      'a',
      {
        class: 'icon-button',
        href: link,
        target: '_blank',
        rel: 'noopener',
        'aria-label': 'Open on a page of its own',
        title: 'Open on a page of its own',
      },
      icon('open'),
    ),
    iconButton('close', 'Close the document (Escape)', closePane),
  );
}

function viewPath(place) {
  const span = place.span ? `?start=${place.span.start}&end=${place.span.end}#quote` : '';
  return `${documentPath(place.documentId)}/view${span}`;
}

function factNodes(details) {
  const graded = grade(details);
  const facts = [
    words(details.source),
    details.author && words(details.author),
    details.published && el('time', { datetime: details.published }, details.published),
    graded && el('span', {}, `${graded.short}: ${graded.long}`),
    details.pages_read_by_ocr.length > 0 && words('read by OCR: a letter may be wrong'),
    details.copies.length > 0 &&
      el('span', {}, 'nearly the same text: ', ...details.copies.flatMap(copyNodes)),
  ].filter(Boolean);
  return facts.flatMap((fact, index) => (index ? [' · ', fact] : [fact]));
}

function copyNodes(copy, index) {
  const link = el('a', { href: viewPath({ documentId: copy.id }), target: '_blank', rel: 'noopener' }, words(copy.source));
  return index ? [', ', link] : [link];
}

function noticeNodes(status, place) {
  if (status === 'moved') {
    return [el('p', { class: 'notice' }, 'The document has changed since; the quote now stands here.')];
  }
  if (status === 'changed') {
    return [
      el(
        'div',
        { class: 'notice warn', role: 'note' },
        el('p', {}, 'The document has changed and no longer says this. When the answer was given, it said:'),
        kept(place),
      ),
    ];
  }
  return [];
}

function kept(place) {
  return el('blockquote', { class: 'kept', dir: 'auto' }, shown(place.quote ?? ''));
}

function lost(place, error) {
  if (!(error instanceof Problem)) throw error;
  if (error.status !== 404) {
    return [
      el('div', { class: 'notice bad', role: 'alert' }, el('strong', {}, error.title), el('p', {}, error.detail)),
    ];
  }
  const told = place.quote
    ? 'The document is no longer in the library. When the answer was given, it said:'
    : 'The document was removed from the library, and its words with it.';
  return [el('div', { class: 'notice warn', role: 'note' }, el('p', {}, told), place.quote ? kept(place) : null)];
}

/** On a narrow window the pane covers the page, which then must not be reached. */
function coverRest() {
  const covered = narrow.matches && !find('pane').hidden;
  find('main').inert = covered;
  find('side').inert = covered;
}

function current(trigger) {
  for (const other of document.querySelectorAll('[aria-current="location"]')) other.removeAttribute('aria-current');
  trigger?.setAttribute('aria-current', 'location');
}
