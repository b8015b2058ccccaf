// Shows a banner while the service does not respond to the fragments that a page requests, shows the answer to a form that
// was refused, copies texts, and closes open forms with Escape.
(function () {
  'use strict';
  function setConnectionLost(lost) {
    var banner = document.getElementById('connection-lost');
    if (banner && banner.hidden === lost) banner.hidden = !lost;
  }
  document.addEventListener('htmx:sendError', function () { setConnectionLost(true); });
  document.addEventListener('htmx:timeout', function () { setConnectionLost(true); });
  document.addEventListener('htmx:afterRequest', function (event) {
    if (event.detail.successful) setConnectionLost(false);
  });
  // htmx does not show a response with an error status. The response to a refused form has one, and is shown nevertheless: it is
  // the page with the message at the field, or an error page.
  document.addEventListener('htmx:beforeSwap', function (event) {
    var detail = event.detail;
    if (detail.requestConfig.verb !== 'post' || detail.xhr.status < 400 || detail.xhr.getResponseHeader('HX-Redirect')) return;
    detail.shouldSwap = true;
    detail.isError = false;
    if (detail.serverResponse.indexOf('id="main"') < 0) {
      detail.target = document.body;
      detail.selectOverride = 'body > *';
      detail.swapOverride = 'innerHTML';
    }
  });
  document.addEventListener('htmx:afterSwap', function (event) {
    if (event.detail.requestConfig && event.detail.requestConfig.verb === 'post') {
      var main = document.getElementById('main');
      var problem = document.querySelector('main [aria-invalid="true"]') || document.querySelector('main [role="alert"]');
      if (problem) { problem.setAttribute('tabindex', problem.getAttribute('tabindex') || '-1'); problem.focus(); }
      else if (main) main.focus();
    }
  });
  // A button with data-copy copies the text of the element with that id. Browsers allow it on a secure page only.
  function showCopyButtons() {
    if (!navigator.clipboard) return;
    document.querySelectorAll('button[data-copy][hidden]').forEach(function (button) { button.hidden = false; });
  }
  document.addEventListener('click', function (event) {
    var button = event.target.closest('button[data-copy]');
    if (!button) return;
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
      .then(function () { button.textContent = button.dataset.done; }, function () { button.hidden = true; });
  });
  document.addEventListener('htmx:afterSettle', showCopyButtons);
  showCopyButtons();
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return;
    var open = document.activeElement && document.activeElement.closest('details[open]')
      || document.querySelector('.actions details[open]');
    if (!open) return;
    open.open = false;
    var summary = open.querySelector('summary');
    if (summary) summary.focus();
  });
})();
