/** The side: the conversations, newest first, and the drawer that it becomes on a narrow window. */

import { json, Problem, send } from './api.js';
import { confirmed, line } from './dialogs.js';
import { announce, append, el, find, icon, iconButton } from './dom.js';
import { shown } from './text.js';
import { count, moment } from './wording.js';

const PAGE = 30;

/** @type {{items: any[], next: string | null}} */
let listed = { items: [], next: null };
/** @type {string | null} */
let openId = null;

/** Fill the buttons and open or close the drawer. */
export function setUpSidebar() {
  const toggle = find('side-open');
  toggle.append(icon('menu'));
  find('side-close').append(icon('close'));
  toggle.addEventListener('click', () => drawer(true));
  find('side-close').addEventListener('click', () => drawer(false));
  find('side').addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a')) drawer(false, false);
  });
  find('shell').addEventListener('click', (event) => {
    if (event.target === event.currentTarget) drawer(false);
  });
  find('side').addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && find('shell').classList.contains('with-side')) {
      event.stopPropagation();
      drawer(false);
    }
  });
}

/** Read the conversations again. */
export async function refreshConversations() {
  try {
    listed = await json(`/conversations?limit=${Math.max(PAGE, Math.min(500, listed.items.length))}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    find('conversations').replaceChildren(el('li', { class: 'quiet' }, error.detail));
    return;
  }
  show();
}

/**
 * Mark the conversation that is open.
 * @param {string | null} id
 */
export function markConversation(id) {
  openId = id;
  show();
}

function show() {
  const list = find('conversations');
  list.replaceChildren(...listed.items.map(item));
  if (!listed.items.length) list.append(el('li', { class: 'quiet' }, 'None yet.'));
  if (listed.next) {
    list.append(el('li', {}, el('button', { type: 'button', class: 'quiet-button', onclick: more }, 'Show more')));
  }
}

async function more() {
  try {
    const page = await json(`/conversations?limit=${PAGE}&after=${encodeURIComponent(listed.next ?? '')}`);
    listed = { items: [...listed.items, ...page.items], next: page.next };
    show();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    announce(error.detail);
  }
}

function item(conversation) {
  const open = conversation.id === openId;
  const row = el('li', { class: 'conversation' });
  append(
    row,
    el(
      'a',
      { href: `#/conversations/${encodeURIComponent(conversation.id)}`, 'aria-current': open ? 'page' : undefined },
      el('bdi', { class: 'conversation-title', dir: 'auto' }, shown(conversation.title)),
      el(
        'span',
        { class: 'conversation-facts' },
        `${count(conversation.turns, 'question')}, ${moment(conversation.updated_at)}`,
      ),
    ),
    el(
      'span',
      { class: 'conversation-actions' },
      iconButton('rename', shown(`Rename “${conversation.title}”`), () => rename(conversation)),
      iconButton('remove', shown(`Delete “${conversation.title}”`), () => remove(conversation)),
    ),
  );
  return row;
}

async function rename(conversation) {
  const title = await line('Rename the conversation', 'Title', conversation.title);
  if (title !== null) await change('PATCH', conversation, { title });
}

async function remove(conversation) {
  const body = ['“', el('bdi', { dir: 'auto' }, shown(conversation.title)), '” and its answers will be gone for good.'];
  if (!(await confirmed('Delete the conversation?', body, 'Delete'))) return;
  if ((await change('DELETE', conversation)) && conversation.id === openId) location.hash = '#/';
}

async function change(method, conversation, body) {
  let done = true;
  try {
    await send(method, `/conversations/${encodeURIComponent(conversation.id)}`, body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    announce(error.detail);
    done = false;
  }
  await refreshConversations();
  return done;
}

function drawer(open, refocus = true) {
  find('shell').classList.toggle('with-side', open);
  find('side-open').setAttribute('aria-expanded', String(open));
  find('main').inert = open;
  if (refocus) find(open ? 'side-close' : 'side-open').focus();
}
