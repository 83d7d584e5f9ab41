// A page printed from dark mode would stay dark: paper is white.
(() => {
  const root = document.documentElement;
  let theme = null;
  window.addEventListener('beforeprint', () => { theme = root.getAttribute('data-bs-theme'); root.setAttribute('data-bs-theme', 'light'); });
  window.addEventListener('afterprint', () => { if (theme !== null) root.setAttribute('data-bs-theme', theme); });
})();

// The workbench of a statement of applicability: Y, N, U decide and go on, R and J open reasons and justification,
// arrows move. Each change is saved at once; the server answers with the row and the figures above the list. Nobody
// waits for it: the next row has the focus already.
(() => {
  const bench = () => document.getElementById('ims-soa');
  const rows = () => [...bench().querySelectorAll('.ims-entry')].filter((row) => row.offsetParent !== null);
  const step = (row, by) => {
    const all = rows();
    return all[all.indexOf(row) + by];
  };
  const decide = (answer) => (row) => row.querySelector(`[data-key=${answer}]`)?.click();
  const keys = {
    y: decide('y'),
    n: decide('n'),
    u: decide('u'),
    r: (row) => { const reasons = row.querySelector('.ims-reasons'); reasons.open = true; reasons.querySelector('input[type=checkbox]').focus(); },
    j: (row) => row.querySelector('textarea')?.focus(),
    arrowdown: (row) => step(row, 1)?.focus(),
    arrowup: (row) => step(row, -1)?.focus(),
  };

  document.addEventListener('keydown', (event) => {
    if (!bench() || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target.closest('.ims-entry');
    if (!row) return;
    const key = event.key.toLowerCase();
    if (key === 'escape') { row.querySelector('.ims-reasons')?.removeAttribute('open'); row.focus(); return; }
    if (event.target.tagName === 'TEXTAREA') {
      if (key !== 'enter' || event.shiftKey) return;
      event.preventDefault();
      (step(row, 1) ?? row).focus();        // leaving it saves it, if it changed
      return;
    }
    if (['INPUT', 'SELECT'].includes(event.target.tagName) || !keys[key]) return;
    event.preventDefault();
    keys[key](row);
  });

  document.addEventListener('click', (event) => {
    const row = event.target.closest('.ims-decide') && event.target.closest('.ims-entry');
    if (row) (step(row, 1) ?? row).focus({ preventScroll: event.detail > 0 });      // under the mouse, nothing moves
    const fold = event.target.closest('.ims-fold');
    if (!fold) return;
    const open = fold.getAttribute('aria-expanded') === 'true';
    fold.setAttribute('aria-expanded', String(!open));
    document.getElementById(fold.getAttribute('aria-controls')).hidden = open;
  });

  // Answers may come in another order than they were asked for: an older one must not replace what a newer one showed,
  // and one for a row that has been drawn anew since is for the new row.
  const stamp = (element) => Number(element?.dataset.stamp ?? 0);
  let outdated = false, choosing = null;      // the figures of this answer; the reason whose box has the focus
  document.addEventListener('htmx:beforeSwap', (event) => {
    if (!event.detail.target.classList?.contains('ims-entry')) return;
    const row = document.getElementById(event.detail.target.id);
    const time = Number(/data-stamp="(\d+)"/.exec(event.detail.xhr.responseText)?.[1] ?? Infinity);
    event.detail.target = row ?? event.detail.target;
    event.detail.shouldSwap &&= time >= stamp(row);
    outdated = time < stamp(document.getElementById('ims-soa-summary'));
    choosing = row?.querySelector('.ims-reasons[open] input:focus')?.id;
  });
  document.addEventListener('htmx:oobBeforeSwap', (event) => { event.detail.shouldSwap &&= !outdated; });
  document.addEventListener('htmx:afterSettle', () => {
    if (!bench()) return;
    const box = choosing && document.getElementById(choosing);
    if (box && !box.closest('details').open) {
      box.closest('details').open = true;
      box.focus();
    }
    choosing = null;
    const left = document.getElementById('ims-soa-summary').dataset.left;
    const badge = document.querySelector('.nav-tabs .nav-link.active .badge');
    if (badge) { badge.textContent = left; badge.hidden = !left; }
  });
})();
