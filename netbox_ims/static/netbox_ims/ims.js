// A page printed from dark mode would stay dark: paper is white.
(() => {
  const root = document.documentElement;
  let theme = null;
  window.addEventListener('beforeprint', () => { theme = root.getAttribute('data-bs-theme'); root.setAttribute('data-bs-theme', 'light'); });
  window.addEventListener('afterprint', () => { if (theme !== null) root.setAttribute('data-bs-theme', theme); });
})();
