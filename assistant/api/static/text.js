/** The text of documents: offsets in code points, signs that must be seen, headings and paragraphs. */

import { el } from './dom.js';

/**
 * @typedef {{start: number, end: number}} Span Code points, the end exclusive.
 * @typedef {{start: number, heading: string, page: number | null}} Section
 */

const HIDDEN_SIGNS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const HEADING_SIGNS = /^[ \t#=*_]+|[ \t#=*_]+$/g;

/**
 * A document's words as they may be shown: control signs as their pictures, signs that turn the direction of the text
 * as replacement signs, one for one.
 * @param {string} text
 * @returns {string}
 */
export function shown(text) {
  return text.replace(HIDDEN_SIGNS, (sign) => {
    const code = sign.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/**
 * A document's words inside a sentence of the page, their direction kept to themselves.
 * @param {string} text
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function words(text, className) {
  return el('bdi', { dir: 'auto', class: className }, shown(text));
}

/**
 * Where a code point stands in a string, in UTF-16 units.
 * @param {string} text
 * @param {number} points
 * @returns {number}
 */
export function unitsOf(text, points) {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left -= 1) {
    units += /** @type {number} */ (text.codePointAt(units)) > 0xffff ? 2 : 1;
  }
  return units;
}

/**
 * How many code points a string has.
 * @param {string} text
 * @returns {number}
 */
export function lengthOf(text) {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/**
 * A slice of a string by code points.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {string}
 */
export function slice(text, start, end) {
  const from = unitsOf(text, start);
  return text.slice(from, from + unitsOf(text.slice(from), end - start));
}

/**
 * A quote with the short answer inside it made strong. Offsets of both are those of the document.
 * @param {string} quote
 * @param {number} start
 * @param {Span | null} highlight
 * @returns {(Node | string)[]}
 */
export function quoteNodes(quote, start, highlight) {
  if (!highlight || highlight.start < start || highlight.end > start + lengthOf(quote)) return [shown(quote)];
  const from = unitsOf(quote, highlight.start - start);
  const to = unitsOf(quote, highlight.end - start);
  return [
    shown(quote.slice(0, from)),
    el('strong', { class: 'short-answer' }, shown(quote.slice(from, to))),
    shown(quote.slice(to)),
  ];
}

/**
 * A stretch of a document as headings, page numbers and paragraphs, a span of it marked.
 * @param {string} text the stretch
 * @param {number} base where it starts in the document
 * @param {Section[]} sections of the document
 * @param {Span | null} mark
 * @param {Span | null} highlight the short answer inside the mark
 * @returns {HTMLElement[]}
 */
export function blocks(text, base, sections, mark, highlight) {
  const plain = !/[\u{10000}-\u{10ffff}]/u.test(text);
  const units = (/** @type {number} */ point) => (plain ? point - base : unitsOf(text, point - base));
  const end = base + lengthOf(text);
  const within = sections.filter((section) => section.start >= base && section.start < end);
  const inUnits = (/** @type {any} */ range) => ({ ...range, start: units(range.start), end: units(range.end) });
  const marks = mark ? markedRanges(mark, highlight).map(inUnits) : [];
  const made = [];
  const firstEnd = within.length ? units(within[0].start) : text.length;
  made.push(...paragraphs(text, 0, firstEnd, marks));
  let page = null;
  within.forEach((section, index) => {
    const from = units(section.start);
    const to = index + 1 < within.length ? units(within[index + 1].start) : text.length;
    if (section.page !== null && section.page !== page) {
      page = section.page;
      made.push(el('p', { class: 'page-number' }, `Page ${page}`));
    }
    const headed = headingEnd(text, section, from, to);
    if (headed > from) made.push(el('h3', { dir: 'auto' }, ...marked(text, from + signsAt(text, from), headed, marks)));
    made.push(...paragraphs(text, headed, to, marks));
  });
  return made;
}

/** Whether the line at a section's start is its heading: then where that line ends, else where it starts. */
function headingEnd(text, section, from, to) {
  const lineBreak = text.indexOf('\n', from);
  const end = lineBreak < 0 || lineBreak > to ? to : lineBreak;
  const line = text.slice(from, end).replace(HEADING_SIGNS, '');
  return line && section.heading.endsWith(line) ? end : from;
}

/** How many signs of markup stand before the words of a heading. */
function signsAt(text, from) {
  return text.slice(from, from + 10).match(/^#+ +/)?.[0].length ?? 0;
}

function paragraphs(text, from, to, marks) {
  const made = [];
  let start = from;
  const add = (/** @type {number} */ end) => {
    if (text.slice(start, end).trim()) made.push(el('p', { dir: 'auto' }, ...marked(text, start, end, marks)));
  };
  for (const gap of text.slice(from, to).matchAll(/\n(?:[ \t]*\n)+/g)) {
    add(from + gap.index);
    start = from + gap.index + gap[0].length;
  }
  add(to);
  return made;
}

/** The marked span in up to three pieces: before, in and after the short answer. */
function markedRanges(mark, highlight) {
  if (!highlight || highlight.start < mark.start || highlight.end > mark.end) return [{ ...mark, strong: false }];
  return [
    { start: mark.start, end: highlight.start, strong: false },
    { start: highlight.start, end: highlight.end, strong: true },
    { start: highlight.end, end: mark.end, strong: false },
  ];
}

function marked(text, from, to, marks) {
  const nodes = [];
  let at = from;
  let mark = null;
  for (const range of marks) {
    const start = Math.max(range.start, from);
    const end = Math.min(range.end, to);
    if (start >= end) continue;
    nodes.push(shown(text.slice(at, start)));
    // One <mark> holds all pieces that follow each other, so that its text is the quote.
    if (!mark || start > at) nodes.push((mark = el('mark')));
    const piece = shown(text.slice(start, end));
    mark.append(range.strong ? el('strong', { class: 'short-answer' }, piece) : piece);
    at = end;
  }
  nodes.push(shown(text.slice(at, to)));
  return nodes.filter((node) => node !== '');
}
