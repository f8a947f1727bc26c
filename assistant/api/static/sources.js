/** The sources of an answer: its citations, and the closest passages of one that was declined. */

import { el, icon } from './dom.js';
import { openPane } from './pane.js';
import { lengthOf, quoteNodes, shown, slice, words } from './text.js';
import { grade, place } from './wording.js';

/** How much of a closest passage is shown before it is opened. */
const EXCERPT = 320;

/** What became of a citation since the answer was given. */
const STATUS = {
  exact: 'still there, word for word',
  moved: 'still there, moved',
  changed: 'no longer said',
  gone: 'document removed',
};

/**
 * Open a citation in the pane. Until the answer is complete there is no kept anchor to go by.
 * @param {any} citation
 * @param {string | null} answerId
 * @param {HTMLElement} trigger
 */
export function openCitation(citation, answerId, trigger) {
  openPane(
    {
      documentId: citation.document_id,
      title: citation.title,
      quote: citation.quote,
      span: { start: citation.start, end: citation.end },
      highlight: citation.highlight,
      citation: answerId ? { answerId, number: citation.number } : undefined,
    },
    trigger,
  );
}

/**
 * A citation as a card with its quote; the whole card opens the document.
 * @param {any} citation
 * @param {() => string | null} answerId
 * @returns {HTMLElement}
 */
export function sourceCard(citation, answerId) {
  const open = (/** @type {Event} */ event) =>
    openCitation(citation, answerId(), /** @type {HTMLElement} */ (event.currentTarget));
  const blank = !citation.quote;
  return el(
    'li',
    { class: 'source', 'data-number': citation.number },
    el('span', { class: 'source-number', 'aria-hidden': 'true' }, String(citation.number)),
    el(
      'div',
      { class: 'source-body' },
      openButton(`Open source ${citation.number}: ${citation.title}`, citation.title, open),
      el('p', { class: 'meta' }, ...facts(citation)),
      citation.warning &&
        el('p', { class: 'source-warning', role: 'note', dir: 'auto' }, shown(`Careful: ${citation.warning}`)),
      blank
        ? el('p', { class: 'quiet' }, 'The document was removed, and its words with it.')
        : el('blockquote', { class: 'quote', dir: 'auto' }, ...withSurroundings(citation)),
      el('p', { class: 'source-status', hidden: true }),
    ),
  );
}

/**
 * Show on the cards what a check found.
 * @param {HTMLElement} list
 * @param {{number: number, status: keyof STATUS}[]} resolutions
 */
export function showStatus(list, resolutions) {
  for (const { number, status } of resolutions) {
    const shownAt = list.querySelector(`[data-number="${Number(number)}"] .source-status`);
    if (!(shownAt instanceof HTMLElement)) continue;
    shownAt.hidden = false;
    shownAt.dataset.status = status;
    shownAt.textContent = `Checked now: ${STATUS[status]}`;
  }
}

/**
 * A passage that came closest to an answer.
 * @param {any} passage
 * @returns {HTMLElement}
 */
export function closestCard(passage) {
  const span = { start: passage.start, end: passage.end };
  const open = (/** @type {Event} */ event) =>
    openPane(
      { documentId: passage.document_id, title: passage.title, quote: passage.text, span },
      /** @type {HTMLElement} */ (event.currentTarget),
    );
  return el(
    'li',
    { class: 'source closest' },
    el(
      'div',
      { class: 'source-body' },
      openButton(`Open the passage in ${passage.title}`, passage.title, open),
      el('p', { class: 'meta' }, ...facts(passage)),
      el('p', { class: 'quote', dir: 'auto' }, shown(excerpt(passage))),
    ),
  );
}

/** The beginning of a passage, without the headings that are said above it. */
function excerpt({ text, title, heading }) {
  const lines = text.split('\n').filter((line) => line.trim() && line !== title && line !== heading);
  const whole = lines.join('\n') || text;
  return lengthOf(whole) > EXCERPT ? `${slice(whole, 0, EXCERPT).trimEnd()}…` : whole;
}

/** A quote between the words that stand around it; those are cut to whole words of the same paragraph. */
function withSurroundings({ quote, start, highlight, prefix, suffix }) {
  const before = prefix
    .split('\n')
    .at(-1)
    .replace(/^\S*\s/, '');
  const after = suffix.split('\n')[0].replace(/\s\S*$/, '');
  return [
    before.trim() && el('span', { class: 'around' }, shown(`…${before}`)),
    ...quoteNodes(quote, start, highlight),
    after.trim() && el('span', { class: 'around' }, shown(`${after}…`)),
  ].filter(Boolean);
}

/** Copies are told, so that a quote that many reprint does not look as if many had found it out. */
function reprints(count) {
  const told = `also in ${count} near ${count === 1 ? 'copy' : 'copies'}`;
  return el('span', { title: 'Other documents with nearly the same text: reprints, not further sources' }, told);
}

function facts(source) {
  const graded = grade(source);
  const where = place(source);
  const found = [
    source.published && el('time', { datetime: source.published }, source.published),
    where && words(where),
    source.source && words(source.source),
    graded &&
      el(
        'span',
        { class: 'grade', title: graded.long },
        graded.short,
        el('span', { class: 'sr-only' }, ` (${graded.long})`),
      ),
    source.copies?.length > 0 && reprints(source.copies.length),
  ].filter(Boolean);
  return found.flatMap((fact, index) => (index ? [' · ', fact] : [fact]));
}

/**
 * The title of a source, which opens it.
 * @param {string} label what a screen reader says
 * @param {string} title
 * @param {(event: Event) => void} open
 */
function openButton(label, title, open) {
  return el(
    'button',
    { type: 'button', class: 'source-open', onclick: open, 'aria-label': shown(label) },
    words(title || 'Removed document', 'source-title'),
    icon('open'),
  );
}
