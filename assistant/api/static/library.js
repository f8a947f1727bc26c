/** The documents: what the library holds, adding to it, and removing from it. */

import { documentPath, json, Problem, send } from './api.js';
import { confirmed } from './dialogs.js';
import { announce, append, el, find, iconButton } from './dom.js';
import { closePaneOf, openPane } from './pane.js';
import { shown, words } from './text.js';
import { uploadArea } from './uploads.js';
import { count, grade, moment } from './wording.js';

const PAGE = 100;

/**
 * Show the documents of a collection.
 * @param {string} collection
 * @param {() => Promise<void>} changed is called when there are more or fewer documents
 */
export function showLibrary(collection, changed) {
  const list = el('ul', { class: 'documents' });
  const shelf = new Shelf(list, collection, changed);
  const area = uploadArea(collection, async () => {
    await shelf.refresh();
    await changed();
  });
  find('library').replaceChildren(
    el(
      'div',
      { class: 'library' },
      el('p', { class: 'lead' }, 'Answers are quoted from these documents, and from nothing else.'),
      area,
      el('h2', { class: 'section-title' }, 'In the library'),
      list,
    ),
  );
  shelf.refresh();
}

class Shelf {
  constructor(list, collection, changed) {
    this.list = list;
    this.collection = collection;
    this.changed = changed;
    /** @type {any[]} */
    this.items = [];
    /** @type {string | null} */
    this.next = null;
  }

  async refresh() {
    this.items = [];
    this.next = null;
    await this.more();
  }

  async more() {
    const after = this.next ? `&after=${encodeURIComponent(this.next)}` : '';
    try {
      const page = await json(`/documents?collection=${encodeURIComponent(this.collection)}&limit=${PAGE}${after}`);
      this.items.push(...page.items);
      this.next = page.next;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.list.replaceChildren(el('li', { class: 'notice bad', role: 'alert' }, error.detail));
      return;
    }
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.items.map((item) => this.row(item)));
    if (!this.items.length)
      this.list.append(el('li', { class: 'quiet' }, 'Nothing yet. Add the first documents above.'));
    if (this.next)
      this.list.append(
        el(
          'li',
          {},
          el('button', { type: 'button', class: 'secondary more', onclick: () => this.more() }, 'Show more'),
        ),
      );
  }

  row(item) {
    const open = (/** @type {Event} */ event) =>
      openPane({ documentId: item.id, title: item.title }, /** @type {HTMLElement} */ (event.currentTarget));
    return el(
      'li',
      { class: 'document' },
      el(
        'div',
        { class: 'document-body' },
        el(
          'button',
          { type: 'button', class: 'source-open', onclick: open },
          words(item.title || item.source, 'source-title'),
        ),
        el('p', { class: 'meta' }, ...facts(item)),
      ),
      iconButton('remove', shown(`Remove “${item.title}”`), () => this.remove(item)),
    );
  }

  async remove(item) {
    const body = [
      '“',
      el('bdi', { dir: 'auto' }, shown(item.title)),
      '” will be removed from the library with its passages. Its quotes in earlier answers are blanked.',
    ];
    if (!(await confirmed('Remove the document?', body, 'Remove'))) return;
    try {
      await send('DELETE', documentPath(item.id));
      announce('The document was removed.');
      closePaneOf(item.id);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      announce(error.detail);
    }
    await this.refresh();
    await this.changed();
    find('bar-title').focus();
  }
}

function facts(item) {
  const graded = grade(item);
  const found = [
    item.published && el('time', { datetime: item.published }, item.published),
    words(item.source),
    item.pages && count(item.pages, 'page'),
    count(item.passages, 'passage'),
    item.language,
    graded &&
      el(
        'span',
        { class: 'grade', title: graded.long },
        graded.short,
        el('span', { class: 'sr-only' }, ` (${graded.long})`),
      ),
    `added ${moment(item.added_at)}`,
    item.copies.length > 0 && el('span', {}, 'nearly the same text: ', words(named(item.copies))),
    item.state !== 'visible' && el('strong', {}, item.state),
  ].filter(Boolean);
  const row = document.createDocumentFragment();
  found.forEach((fact, index) => append(/** @type {any} */ (row), index ? ' · ' : '', fact));
  return [row];
}

/** The titles of near copies: the first, and how many more there are. */
function named(copies) {
  const more = copies.length - 1;
  return `“${copies[0].title || copies[0].source}”${more ? ` and ${count(more, 'other')}` : ''}`;
}
