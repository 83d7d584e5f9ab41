// A page printed from dark mode would stay dark: paper is white.
(() => {
  const root = document.documentElement;
  let theme = null;
  window.addEventListener('beforeprint', () => { theme = root.getAttribute('data-bs-theme'); root.setAttribute('data-bs-theme', 'light'); });
  window.addEventListener('afterprint', () => { if (theme !== null) root.setAttribute('data-bs-theme', theme); });
})();

// The workbench of a statement of applicability: Y, N, U decide and go on, R and J open reasons and justification,
// arrows move. A row is drawn anew by the server after each change; the focus is put where it belongs then.
(() => {
  const bench = () => document.getElementById('ims-soa');
  const rows = () => [...bench().querySelectorAll('.ims-entry')].filter((row) => row.offsetParent !== null);
  let next = null;      // id of the row to focus once the one just decided is redrawn

  const step = (row, by) => {
    const all = rows();
    return all[all.indexOf(row) + by];
  };
  const keys = {
    y: (row) => row.querySelector('[data-key=y]')?.click(),
    n: (row) => row.querySelector('[data-key=n]')?.click(),
    u: (row) => row.querySelector('[data-key=u]')?.click(),
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
      const after = step(row, 1) ?? row;
      next = after.id;
      event.target.blur();      // saves, if it changed
      after.focus();
      return;
    }
    if (['INPUT', 'SELECT'].includes(event.target.tagName) || !keys[key]) return;
    event.preventDefault();
    keys[key](row);
  });

  document.addEventListener('click', (event) => {
    const row = event.target.closest('.ims-decide') && event.target.closest('.ims-entry');
    if (row) next = (step(row, 1) ?? row).id;
    const fold = event.target.closest('.ims-fold');
    if (!fold) return;
    const open = fold.getAttribute('aria-expanded') === 'true';
    fold.setAttribute('aria-expanded', String(!open));
    document.getElementById(fold.getAttribute('aria-controls')).hidden = open;
  });

  document.addEventListener('htmx:afterSettle', (event) => {
    if (!next || !bench() || !event.target.classList?.contains('ims-entry')) return;
    document.getElementById(next)?.focus();
    next = null;
  });
})();
