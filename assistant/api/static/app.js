/** The page: puts its parts together and follows the address, `#/`, `#/documents` and `#/conversations/ID`. */

import { json, Problem } from './api.js';
import { askIn, newConversation, openConversation, openConversationId, setUpChat, stop } from './chat.js';
import { append, el, find } from './dom.js';
import { showLibrary } from './library.js';
import { closePane, setUpPane } from './pane.js';
import { markConversation, refreshConversations, setUpSidebar } from './sidebar.js';
import { shown } from './text.js';
import { count } from './wording.js';

const KEPT_COLLECTION = 'dossier.collection';

/** @type {{name: string, documents: number, passages: number}[]} */
let collections = [];
/** @type {Problem | null} Why the library could not be looked at. */
let unavailable = null;
let collection = sessionStorage.getItem(KEPT_COLLECTION) ?? 'default';

async function start() {
  setUpSidebar();
  setUpPane();
  setUpChat(async () => {
    await refreshConversations();
    markConversation(openConversationId());
    current('link-new', false);
    title(currentTitle());
  });
  find('collection').addEventListener('change', (event) => {
    choose(/** @type {HTMLSelectElement} */ (event.target).value);
    if (route() === '#/') show();
  });
  find('skip').addEventListener('click', (event) => {
    event.preventDefault();
    find('question').focus();
  });
  window.addEventListener('hashchange', show);
  askIn(collection);
  refreshConversations();
  await show();
}

/** Look at what there is to ask, and show the choice of a collection only where there is one. */
async function refreshLibrary() {
  try {
    collections = (await json('/collections')).items;
    unavailable = null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    unavailable = error;
    return;
  }
  if (!collections.some((one) => one.name === collection)) collection = 'default';
  const options = collections.map(({ name }) => el('option', { value: name, selected: name === collection }, name));
  find('collection').replaceChildren(...options);
  find('collection-field').hidden = collections.length < 2;
  choose(collection);
}

function choose(name) {
  collection = name;
  sessionStorage.setItem(KEPT_COLLECTION, name);
  /** @type {HTMLSelectElement} */ (find('collection')).value = name;
  askIn(name);
  find('count').textContent = String(chosen().documents);
}

function chosen() {
  return collections.find((one) => one.name === collection) ?? { name: collection, documents: 0, passages: 0 };
}

function route() {
  return location.hash || '#/';
}

/** A part of the address as it was before it was encoded; what nobody encoded stays as it is. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function show() {
  const [, section, id] = route().split('/').map(decoded);
  const library = section === 'documents';
  find('chat').hidden = library;
  find('library').hidden = !library;
  current('link-documents', library);
  current('link-new', !library && !id);
  markConversation(section === 'conversations' ? id : null);
  if (library) await showDocuments();
  else if (section === 'conversations' && id) await showConversation(id);
  else await showWelcome();
}

async function showDocuments() {
  stop();
  closePane();
  title('Documents');
  await refreshLibrary();
  if (route() === '#/documents') showLibrary(collection, refreshLibrary);
}

async function showConversation(id) {
  title('Conversation');
  const [conversation] = await Promise.all([openConversation(id), refreshLibrary()]);
  if (!conversation || openConversationId() !== id) return;
  title(conversation.title);
  if (collections.some((one) => one.name === conversation.collection)) choose(conversation.collection);
}

/** Begin anew at once: who asks while the library is still looked at is not to lose the question. */
async function showWelcome() {
  title('New question');
  newConversation(welcome());
  await refreshLibrary();
  find('thread').querySelector('.welcome')?.replaceWith(welcome());
}

function current(id, isCurrent) {
  if (isCurrent) find(id).setAttribute('aria-current', 'page');
  else find(id).removeAttribute('aria-current');
}

function title(words) {
  find('bar-title').textContent = shown(words);
  document.title = words === 'New question' ? 'Dossier' : `${shown(words)} · Dossier`;
}

function currentTitle() {
  return document.querySelector('.conversation [aria-current] .conversation-title')?.textContent ?? 'Conversation';
}

/** What an empty conversation shows: how much there is to ask, or how to add to it. */
function welcome() {
  const { documents, passages } = chosen();
  const made = el('div', { class: 'welcome' }, el('img', { src: '/static/icon.svg', alt: '', width: 44, height: 44 }));
  if (unavailable) {
    append(made, el('h2', {}, unavailable.title), el('p', {}, unavailable.detail));
  } else if (!collections.length) {
    append(made, el('p', {}, 'Looking at the library…'));
  } else if (documents) {
    append(
      made,
      el('h2', {}, `Ask ${count(documents, 'document')}`),
      el(
        'p',
        {},
        `An answer is quoted from them word for word, and each quote opens where it stands. Where they do not say, you are told so and shown the closest of ${count(passages, 'passage')}.`,
      ),
    );
  } else {
    append(
      made,
      el('h2', {}, 'The library is empty'),
      el('p', {}, 'Add documents to have something to ask.'),
      el('p', {}, el('a', { class: 'primary', href: '#/documents' }, 'Add documents')),
      el(
        'p',
        { class: 'quiet' },
        'Or take in a whole folder from the command line: ',
        el('code', {}, 'assistant ingest FOLDER'),
      ),
    );
  }
  return made;
}

start();
