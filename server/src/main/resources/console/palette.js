// Opens the command palette with Ctrl-K, Cmd-K or its button, and chooses its lines by keys. htmx requests the lines.
(function () {
  'use strict';
  var dialog = document.getElementById('palette');
  var opener = document.getElementById('open-palette');
  if (!dialog || !opener) return;
  var input = document.getElementById('palette-query');
  var chosen = -1;
  var entered = false; // Enter was pressed before the lines for the text had arrived.

  function lines() { return dialog.querySelectorAll('[role="option"]'); }

  function choose(index) {
    var all = lines();
    chosen = all.length ? (index + all.length) % all.length : -1;
    all.forEach(function (line, i) { line.setAttribute('aria-selected', String(i === chosen)); });
    if (chosen < 0) { input.removeAttribute('aria-activedescendant'); return; }
    input.setAttribute('aria-activedescendant', all[chosen].id);
    all[chosen].scrollIntoView({ block: 'nearest' });
  }

  function isCurrent() {
    return document.getElementById('palette-list').dataset.query === input.value.trim();
  }

  function submitChosen() {
    entered = false;
    if (chosen >= 0) lines()[chosen].click();
  }

  function open() {
    // A page that says why a form was refused has replaced this one.
    if (!dialog.isConnected) return;
    if (dialog.open) { input.select(); return; }
    input.value = '';
    entered = false;
    dialog.showModal();
    input.focus();
    window.htmx.trigger(input, 'palette-open');
  }

  opener.hidden = false;
  if (/Mac|iP/.test(navigator.platform)) opener.querySelector('kbd').textContent = '⌘ K';
  opener.addEventListener('click', open);
  document.addEventListener('keydown', function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open();
    }
  });
  dialog.addEventListener('keydown', function (event) {
    // The page behind has an answer of its own to Escape.
    if (event.key === 'Escape') event.stopPropagation();
    // While an input method composes a word, the keys are its own.
    if (event.target !== input || event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      choose(chosen + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (isCurrent()) submitChosen(); else entered = true;
    }
  });
  input.addEventListener('input', function () { entered = false; });
  // A click beside the dialog meets the dialog itself, whose parts fill it.
  dialog.addEventListener('click', function (event) { if (event.target === dialog) dialog.close(); });
  document.addEventListener('htmx:afterSwap', function (event) {
    if (event.detail.target.id !== 'palette-found') return;
    choose(0);
    document.getElementById('palette-count').textContent = document.getElementById('palette-list').dataset.count;
    if (entered && isCurrent()) submitChosen();
  });
})();
