/** Questions back to the user: to confirm something, or to give a name. Both use the page's one <dialog>. */

import { el, find } from './dom.js';

/**
 * Ask whether to go on.
 * @param {string} title
 * @param {(Node | string)[]} body
 * @param {string} action what the button that goes on says
 * @returns {Promise<boolean>}
 */
export async function confirmed(title, body, action) {
  const answer = await ask(title, [el('p', {}, ...body)], action, true);
  return answer !== null;
}

/**
 * Ask for a line of text.
 * @param {string} title
 * @param {string} label
 * @param {string} value what stands there at first
 * @returns {Promise<string | null>} null where the user went back
 */
export async function line(title, label, value) {
  const input = /** @type {HTMLInputElement} */ (
    el('input', {
      id: 'dialog-line',
      type: 'text',
      maxlength: 200,
      required: true,
      value,
      dir: 'auto',
      autofocus: true,
    })
  );
  const answer = await ask(title, [el('label', { for: 'dialog-line' }, label), input], 'Save', false);
  return answer === null ? null : input.value.trim() || null;
}

function ask(title, body, action, grave) {
  const dialog = /** @type {HTMLDialogElement} */ (find('dialog'));
  const back = el(
    'button',
    { type: 'button', class: 'secondary', autofocus: grave, onclick: () => dialog.close('') },
    'Cancel',
  );
  dialog.replaceChildren(
    el(
      'form',
      { method: 'dialog' },
      el('h2', { id: 'dialog-title' }, title),
      ...body,
      el(
        'div',
        { class: 'dialog-row' },
        back,
        el('button', { type: 'submit', class: grave ? 'primary grave' : 'primary', value: 'yes' }, action),
      ),
    ),
  );
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue || null), { once: true });
  });
}
