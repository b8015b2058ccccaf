// Shows a banner while the service does not respond to the fragments that a page requests, shows the answer to a form that
// was refused and moves the focus to the problem, sends a form only once, copies texts, announces changes of the state, and
// closes open forms with Escape.
(function () {
  'use strict';
  function setConnectionLost(lost) {
    var banner = document.getElementById('connection-lost');
    if (banner && banner.hidden === lost) banner.hidden = !lost;
  }
  // Says that what the page shows was removed, or that the caller may no longer see it.
  function showRemoved() {
    var notice = document.getElementById('removed');
    if (notice && notice.hidden) notice.hidden = false;
  }
  document.addEventListener('htmx:sendError', function () { setConnectionLost(true); });
  document.addEventListener('htmx:timeout', function () { setConnectionLost(true); });
  // The service, or a proxy before it, is overloaded or cannot answer at present.
  document.addEventListener('htmx:responseError', function (event) {
    var status = event.detail.xhr.status;
    if (status >= 500 || status === 429) setConnectionLost(true);
    if (event.detail.requestConfig.verb === 'get' && (status === 403 || status === 404)) showRemoved();
  });
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
      // htmx selects from the children of the answer's body.
      detail.target = document.body;
      detail.selectOverride = 'main';
      detail.swapOverride = 'innerHTML';
      document.body.className = 'lone';
    }
  });
  // Moves the focus to the first field with a problem in a part of the page, or else to the message of the form; returns
  // whether there is one.
  function focusProblem(part) {
    var problem = part && (part.querySelector('[aria-invalid="true"]') || part.querySelector('[role="alert"]'));
    if (!problem) return false;
    if (problem.matches('[role="alert"]')) problem.setAttribute('tabindex', '-1');
    problem.focus();
    return true;
  }
  // The page after a refused form. This script runs when the page is complete.
  focusProblem(document.getElementById('main'));
  document.addEventListener('htmx:afterSwap', function (event) {
    var detail = event.detail;
    if (!detail.requestConfig || detail.requestConfig.verb !== 'post') return;
    // The main element of an error page has no id.
    var main = document.querySelector('main');
    var isPage = detail.target === document.body || detail.target.id === 'main';
    // After an answer without a problem that replaces only a part, such as an estimate, the person stays where they are.
    if (!focusProblem(isPage ? main : document.getElementById(detail.target.id)) && isPage && main) main.focus();
  });
  // A second click on a button must not send its form again, which could create a second thing. The person may try again
  // after some seconds, for example after they have stopped a page that was slow to load.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    // htmx sends a form itself.
    if (event.defaultPrevented || form.getAttribute('method') !== 'post') return;
    if (form.isSent) { event.preventDefault(); return; }
    form.isSent = true;
    setTimeout(function () { form.isSent = false; }, 5000);
  });
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form').forEach(function (form) { form.isSent = false; });
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
  // Tells screen readers the new text of a part that the page replaces, such as the state of a scan. A live region inside
  // that part would be read out each time.
  function announceChanges() {
    document.querySelectorAll('[data-announces]').forEach(function (status) {
      var part = document.querySelector(status.dataset.announces);
      var text = part ? part.textContent.trim() : '';
      if (status.shown !== undefined && status.shown !== text) status.textContent = text;
      status.shown = text;
    });
  }
  document.addEventListener('htmx:afterSettle', announceChanges);
  announceChanges();
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
