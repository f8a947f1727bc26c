/** The conversation: its turns, asking, following the answer as it comes, and stopping it. */

import { events, json, Problem } from './api.js';
import { announce, el, find } from './dom.js';
import { closePane } from './pane.js';
import { Turn } from './turn.js';
import { count } from './wording.js';

/** From which length on the question's length is shown. */
const LONG = 1600;
const LONGEST = 2000;

const state = {
  /** @type {string | null} */
  conversationId: null,
  collection: 'default',
  /** @type {AbortController | null} */
  asking: null,
};

/** @type {() => void} */
let answered = () => {};

/**
 * Make the composer work.
 * @param {() => void} onAnswer is called when an answer was kept
 */
export function setUpChat(onAnswer) {
  answered = onAnswer;
  const box = questionBox();
  find('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    ask(box.value);
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask(box.value);
  });
  box.addEventListener('input', sizeBox);
  find('stop').addEventListener('click', stop);
}

/** The id of the conversation that is open, if one is. */
export function openConversationId() {
  return state.conversationId;
}

/**
 * Choose where questions are asked.
 * @param {string} collection
 */
export function askIn(collection) {
  state.collection = collection;
}

/** Stop the answer that is under way. */
export function stop() {
  state.asking?.abort();
}

/**
 * Begin anew.
 * @param {Node} welcome what is shown until there is a question
 */
export function newConversation(welcome) {
  stop();
  closePane();
  state.conversationId = null;
  find('thread').replaceChildren(welcome);
  questionBox().focus();
}

/**
 * Open a kept conversation.
 * @param {string} id
 * @returns {Promise<any>} the conversation; null where it cannot be opened, and the page says why
 */
export async function openConversation(id) {
  stop();
  closePane();
  state.conversationId = id;
  const thread = find('thread');
  const opening = el('p', { class: 'quiet' }, 'Opening…');
  thread.replaceChildren(opening);
  try {
    const conversation = await json(`/conversations/${encodeURIComponent(id)}`);
    if (state.conversationId !== id) return null;
    // A question that is asked meanwhile stays, below what was kept.
    opening.replaceWith(...conversation.answers.map((answer) => Turn.kept(answer).element));
    thread.lastElementChild?.scrollIntoView({ block: 'start' });
    questionBox().focus({ preventScroll: true });
    return conversation;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    state.conversationId = null;
    const notice = el(
      'div',
      { class: 'notice bad', role: 'alert' },
      el('strong', {}, error.title),
      el('p', {}, error.detail),
    );
    thread.replaceChildren(notice);
    return null;
  }
}

async function ask(text) {
  const question = text.trim();
  if (!question || state.asking) return;
  const thread = find('thread');
  thread.querySelector('.welcome')?.remove();
  const turn = new Turn(question, () => {
    turn.element.remove();
    ask(question);
  });
  thread.append(turn.element);
  const box = questionBox();
  box.value = '';
  sizeBox();
  turn.element.scrollIntoView({ block: 'start' });
  const asking = new AbortController();
  busy(asking);
  try {
    await follow(turn, question, asking.signal);
  } catch (error) {
    ended(turn, error);
  } finally {
    if (state.asking === asking) busy(null);
  }
}

async function follow(turn, question, signal) {
  const body = { question, conversation_id: state.conversationId, collection: state.collection };
  for await (const { name, data } of events('/ask/stream', body, signal)) {
    if (name === 'question') turn.asked(data.question);
    if (name === 'hits') turn.hits(data.hits);
    if (name === 'statement') turn.statement(data);
    if (name === 'error') throw Problem.of(data);
    if (name === 'answer') {
      complete(turn, data);
      return;
    }
  }
  throw new Problem('Connection lost', 'The answer broke off before its end: ask again.', 0);
}

function complete(turn, answer) {
  turn.complete(answer);
  if (!state.conversationId) {
    state.conversationId = answer.conversation_id;
    history.replaceState(null, '', `#/conversations/${encodeURIComponent(answer.conversation_id)}`);
  }
  announce(
    answer.verdict === 'declined'
      ? answer.text
      : `Answered, with ${count(answer.citations.length, 'source')}.`,
  );
  answered();
}

function ended(turn, error) {
  if (error instanceof Problem) turn.failed(error);
  else if (error instanceof DOMException && error.name === 'AbortError') turn.stopped();
  else turn.failed(new Problem('Connection lost', 'The answer broke off before its end: ask again.', 0));
}

/** Show whether an answer is under way. */
function busy(asking) {
  state.asking = asking;
  find('ask').hidden = asking !== null;
  find('stop').hidden = asking === null;
  if (asking === null && document.activeElement === document.body) questionBox().focus({ preventScroll: true });
}

function questionBox() {
  return /** @type {HTMLTextAreaElement} */ (find('question'));
}

/** Let the question's box grow with it, and say when it grows long. */
function sizeBox() {
  const box = questionBox();
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
  const long = box.value.length > LONG;
  find('hint').textContent = long
    ? `${box.value.length} of ${LONGEST} characters`
    : 'Every sentence of an answer cites a document: click its number.';
}
