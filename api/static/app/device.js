// The rating device: after a while it goes on by itself, and turns to the person when a service has
// just ended. Without this file a reload of the page does the same (see the noscript in its head).
(() => {
  const main = document.querySelector('[data-goes-on]');
  if (!main) return;
  const ask = document.querySelector('form[data-ask]');
  if (ask) { ask.submit(); return; }
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace(main.dataset.goesTo), Number(main.dataset.goesOn) * 1000);
  };
  start();
  const more = document.querySelector('button[data-more]');
  if (more) more.addEventListener('click', (event) => { event.preventDefault(); start(); });
})();
