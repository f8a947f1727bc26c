/** What stands below a complete answer: what was left out, what can be done with it, and how it came about. */

import { Problem, send } from './api.js';
import { announce, append, el, icon } from './dom.js';
import { showStatus } from './sources.js';
import { shown, words } from './text.js';
import { asText } from './wording.js';

const TOLD_FOR = 2500;

/**
 * The parts, in order.
 * @param {any} answer
 * @param {HTMLElement} sources the cards of its citations
 * @returns {(Node | null)[]}
 */
export function receiptParts(answer, sources) {
  return [dropped(answer), actions(answer, sources), trace(answer)];
}

function dropped(answer) {
  if (!answer.dropped.length) return null;
  const item = (one) =>
    el('li', {}, one.text && words(one.text), one.text && ': ', one.reason, one.pointer && shown(` (${one.pointer})`));
  return el(
    'details',
    { class: 'more-about' },
    el('summary', {}, `Left out: ${answer.dropped.length}`),
    el('ul', {}, ...answer.dropped.map(item)),
  );
}

function actions(answer, sources) {
  const row = el('div', { class: 'actions' });
  append(
    row,
    action('copy', 'Copy with sources', (button) => copy(asText(answer), button)),
    answer.citations.length > 0 && action('check', 'Check sources now', (button) => check(answer, sources, button)),
    opinion(answer, row, 'up', 'Helpful', true),
    opinion(answer, row, 'down', 'Not helpful', false),
  );
  return row;
}

function action(name, label, run) {
  const onclick = (/** @type {Event} */ event) => run(event.currentTarget);
  return el('button', { type: 'button', class: 'quiet-button', onclick }, icon(name), el('span', {}, label));
}

function opinion(answer, row, name, label, helpful) {
  const onclick = async (/** @type {Event} */ event) => {
    const chosen = event.currentTarget;
    try {
      await send('POST', `${answerPath(answer)}/feedback`, { helpful });
    } catch (error) {
      announce(detail(error));
      return;
    }
    for (const other of row.querySelectorAll('.opinion')) other.setAttribute('aria-pressed', String(other === chosen));
    announce('Noted, thank you.');
  };
  const attributes = {
    type: 'button',
    class: 'icon-button opinion',
    'aria-label': label,
    title: label,
    'aria-pressed': 'false',
    onclick,
  };
  return el('button', attributes, icon(name));
}

async function check(answer, sources, button) {
  try {
    const { citations } = await send('POST', `${answerPath(answer)}/check`);
    showStatus(sources, citations);
    const sound = citations.filter((one) => one.status === 'exact' || one.status === 'moved').length;
    tell(button, `${sound} of ${citations.length} still stand`);
  } catch (error) {
    tell(button, detail(error));
  }
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    tell(button, 'Copied');
  } catch {
    // Not a secure context, or not allowed: the older way.
    const field = /** @type {HTMLTextAreaElement} */ (el('textarea', { class: 'sr-only', readonly: true }));
    field.value = text;
    document.body.append(field);
    field.select();
    tell(button, document.execCommand('copy') ? 'Copied' : 'This browser does not allow copying');
    field.remove();
    button.focus();
  }
}

/** Say on a button for a moment what came of it. */
function tell(button, message) {
  const label = button.querySelector('span');
  const before = (button.dataset.label ??= label.textContent);
  label.textContent = message;
  announce(message);
  setTimeout(() => {
    label.textContent = before;
  }, TOLD_FOR);
}

function trace({ trace: traced }) {
  const times = Object.entries(traced.milliseconds).map(([step, time]) => `${step} ${Math.round(Number(time))} ms`);
  const rows = [
    ['Reader', traced.model ? `${traced.reader} (${traced.model})` : traced.reader],
    ['Prompt', traced.prompt],
    ['Embedder', traced.embedder],
    ['Index version', String(traced.index_version)],
    ['Passages read', String(traced.hits.length)],
    ['Time', times.join(', ')],
  ].filter(([, value]) => value);
  return el(
    'details',
    { class: 'more-about' },
    el('summary', {}, 'How this came about'),
    el('dl', {}, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
  );
}

function answerPath(answer) {
  return `/answers/${encodeURIComponent(answer.id)}`;
}

function detail(error) {
  return error instanceof Problem ? error.detail : String(error);
}
