// Shows a banner while the service does not respond to the fragments that a page requests, and hides it afterwards.
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
})();
