// The workbench of a statement of applicability: Y, N, U decide and go on, R and J open reasons and justification,
// arrows move. Every change is saved at once, and nobody waits for it: the next row has the focus already.
(() => {
  const bench = document.getElementById('ims-soa');
  const rows = () => [...bench.querySelectorAll('.ims-entry')].filter((row) => row.offsetParent !== null);
  const step = (row, by) => {
    const all = rows();
    return all[all.indexOf(row) + by] ?? row;
  };

  // Saving. One request after the other, so that the figures that come back are never older than those shown.
  let queue = Promise.resolve();
  const waiting = new Map();      // how many requests each row still waits for
  const save = (row, values) => {
    waiting.set(row, (waiting.get(row) ?? 0) + 1);
    queue = queue.then(() => send(row, values)).catch((error) => { console.error(error); fail(row); });
  };

  const send = async (row, values) => {
    const body = new URLSearchParams(values);
    const headers = { 'X-CSRFToken': bench.dataset.csrf };
    const response = await fetch(row.dataset.url, { method: 'POST', body, headers, redirect: 'error' })
      .finally(() => waiting.set(row, waiting.get(row) - 1));
    if (!response.ok) throw new Error(response.status);
    const answer = document.createElement('template');
    answer.innerHTML = await response.text();
    if (!waiting.get(row)) update(row, answer.content.querySelector('.ims-entry'), Object.fromEntries(values));
    for (const part of [...answer.content.children].filter((part) => part.id !== row.id)) document.getElementById(part.id)?.replaceWith(part);
    const left = document.getElementById('ims-soa-summary').dataset.left;
    const badge = document.querySelector('.nav-tabs .nav-link.active .badge');
    if (badge) { badge.textContent = left; badge.hidden = !left; }
  };

  window.addEventListener('beforeunload', (event) => { if ([...waiting.values()].some(Boolean)) event.preventDefault(); });

  const fail = (row) => {
    const alert = Object.assign(document.createElement('div'), { className: 'ims-need', role: 'alert', textContent: bench.dataset.failed });
    row.querySelector('.ims-justify').append(alert);
  };

  // The row as the server has it now, cell by cell; not where somebody is still typing.
  const update = (row, fresh, sent) => {
    const focused = row.contains(document.activeElement) ? document.activeElement.id : null;
    const choosing = row.querySelector('.ims-reasons')?.open;
    const unsaved = (field) => field.value !== field.defaultValue && field.value !== sent[field.name];
    [...row.cells].forEach((cell, index) => {
      const typing = [...cell.querySelectorAll('textarea, input[list]')].some(unsaved);
      if (!typing) cell.replaceWith(fresh.cells[0]); else fresh.cells[0].remove();
    });
    if (choosing) row.querySelector('.ims-reasons').open = true;
    if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  // What people do
  const answers = { y: 'true', n: 'false', u: 'unknown' };
  const keys = {
    ...Object.fromEntries(Object.keys(answers).map((key) => [key, (row) => row.querySelector(`[data-key=${key}]`)?.click()])),
    r: (row) => { const reasons = row.querySelector('.ims-reasons'); reasons.open = true; reasons.querySelector('input').focus(); },
    j: (row) => row.querySelector('textarea')?.focus(),
    arrowdown: (row) => step(row, 1).focus(),
    arrowup: (row) => step(row, -1).focus(),
  };

  bench.addEventListener('keydown', (event) => {
    const row = event.target.closest('.ims-entry');
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === 'escape') { row.querySelector('.ims-reasons')?.removeAttribute('open'); row.focus(); return; }
    if (event.target.tagName === 'TEXTAREA') {
      if (key !== 'enter' || event.shiftKey) return;
      event.preventDefault();
      step(row, 1).focus();        // leaving it saves it, if it changed
      return;
    }
    if (['INPUT', 'SELECT'].includes(event.target.tagName) || !keys[key] || !row.querySelector('.ims-decide')) return;
    event.preventDefault();
    keys[key](row);
  });

  bench.addEventListener('click', (event) => {
    const row = event.target.closest('.ims-entry'), button = event.target.closest('[data-key]');
    if (button) {
      save(row, [['applicable', answers[button.dataset.key]]]);
      step(row, 1).focus({ preventScroll: event.detail > 0 });      // under the mouse, nothing moves
    }
    const fold = event.target.closest('.ims-fold');
    if (!fold) return;
    const open = fold.getAttribute('aria-expanded') === 'true';
    fold.setAttribute('aria-expanded', String(!open));
    document.getElementById(fold.getAttribute('aria-controls')).hidden = open;
  });

  bench.addEventListener('change', (event) => {
    const field = event.target, row = field.closest('.ims-entry');
    if (!row) return;
    const chosen = [...row.querySelectorAll('[name=reasons]:checked')].map((box) => ['reasons', box.value]);
    save(row, field.name === 'reasons' ? [['reasons', ''], ...chosen] : [[field.name, field.value]]);
  });
})();
