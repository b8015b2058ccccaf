// Tells when the service stops answering the parts of a page that keep asking, and when it is back.
(function () {
  'use strict';
  function lost(hidden) {
    var notice = document.getElementById('lost');
    if (notice && notice.hidden !== hidden) notice.hidden = hidden;
  }
  document.addEventListener('htmx:sendError', function () { lost(false); });
  document.addEventListener('htmx:timeout', function () { lost(false); });
  document.addEventListener('htmx:afterRequest', function (event) {
    if (event.detail.successful) lost(true);
  });
})();
