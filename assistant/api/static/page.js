/** The pages of a document as pictures, with a quote marked where it stands on them. */

import { documentPath, json } from './api.js';
import { el } from './dom.js';
import { shown } from './text.js';

/**
 * The pages that a span stands on, in order.
 * @param {string} documentId
 * @param {import('./text.js').Span} span
 * @returns {Promise<number[]>}
 */
export async function pagesOf(documentId, { start, end }) {
  const places = await json(`${documentPath(documentId)}/places?start=${start}&end=${end}`);
  return [...new Set(places.items.map((/** @type {{page: number}} */ one) => one.page))];
}

/**
 * Pictures of pages, the span marked in them.
 * @param {string} documentId
 * @param {number[]} pages
 * @param {import('./text.js').Span} span
 * @param {string} quote
 * @returns {HTMLElement[]}
 */
export function pictures(documentId, pages, { start, end }, quote) {
  return pages.map((number) =>
    el(
      'figure',
      { class: 'page-picture' },
      el('img', {
        src: `${documentPath(documentId)}/pages/${number}.png?start=${start}&end=${end}`,
        alt: shown(`Page ${number}, with the quote marked: ${quote}`),
      }),
      el('figcaption', {}, `Page ${number}`),
    ),
  );
}

/**
 * Two buttons that choose how a document is shown.
 * @param {'page' | 'text'} chosen
 * @param {(way: 'page' | 'text') => void} onchoose
 */
export function wayButtons(chosen, onchoose) {
  const button = (/** @type {'page' | 'text'} */ way, /** @type {string} */ label) =>
    el('button', { type: 'button', 'aria-pressed': String(way === chosen), onclick: () => onchoose(way) }, label);
  return el(
    'div',
    { class: 'ways', role: 'group', 'aria-label': 'Show the document as' },
    button('page', 'Page'),
    button('text', 'Text'),
  );
}
