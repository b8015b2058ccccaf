// Shows times in the zone of the browser, with UTC as the tooltip. The service writes times as 2026-12-24 02:00:00 UTC. Beside
// the fields for a moment in UTC, shows the same moment in the zone of the browser.
(function () {
  'use strict';
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || /^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal)$/.test(zone)) return;
  var MOMENT = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/;
  var WRITTEN = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?( UTC)?$/;
  var FIELDS = 'input[data-moment], input[name="firstScanAt"]:not([type="hidden"]), input[name="expiresAt"]';
  var names = new Intl.DateTimeFormat(document.documentElement.lang || 'en', { hour: 'numeric', timeZoneName: 'shortOffset' });

  function two(number) { return number < 10 ? '0' + number : '' + number; }

  function zoneName(date) {
    return names.formatToParts(date).filter(function (part) { return part.type === 'timeZoneName'; })[0].value;
  }

  function local(date) {
    return date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate()) + ' ' + two(date.getHours()) + ':'
      + two(date.getMinutes()) + ':' + two(date.getSeconds()) + ' ' + zoneName(date);
  }

  function read(text) { return new Date(text.slice(0, 10) + 'T' + text.slice(11, 19) + 'Z'); }

  // Puts an element in the place of each moment in a text.
  function replace(node) {
    var match = MOMENT.exec(node.data);
    while (match) {
      var moment = match.index ? node.splitText(match.index) : node;
      var rest = moment.data.length > match[0].length ? moment.splitText(match[0].length) : null;
      var time = document.createElement('time');
      time.dateTime = read(match[0]).toISOString();
      time.title = match[0];
      time.setAttribute('data-utc', '');
      time.textContent = local(read(match[0]));
      moment.parentNode.replaceChild(time, moment);
      node = rest;
      match = node && MOMENT.exec(node.data);
    }
  }

  // A relative time such as 3 min ago has the moment in its tooltip.
  function explain(time) {
    if (MOMENT.test(time.title) && time.title.length < 24) time.title = local(read(time.title)) + ' = ' + time.title;
  }

  function showLocal(input) {
    var note = input.nextElementSibling;
    if (!note || !note.matches('[data-local]')) {
      note = document.createElement('span');
      note.className = 'hint';
      note.setAttribute('data-local', '');
      input.insertAdjacentElement('afterend', note);
    }
    var match = WRITTEN.exec(input.value.trim());
    var date = match && new Date(match[1] + 'T' + match[2] + (match[3] || ':00') + 'Z');
    note.textContent = date && !isNaN(date) ? '= ' + local(date) : '';
  }

  function convert() {
    document.querySelectorAll('time[title]:not([data-utc])').forEach(explain);
    var texts = [];
    var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      var node = walker.currentNode;
      if (MOMENT.test(node.data) && !node.parentNode.closest('script, textarea, select, pre')) texts.push(node);
    }
    texts.forEach(replace);
    document.querySelectorAll(FIELDS).forEach(showLocal);
  }

  document.addEventListener('input', function (event) { if (event.target.matches(FIELDS)) showLocal(event.target); });
  document.addEventListener('htmx:afterSwap', convert);
  document.addEventListener('htmx:oobAfterSwap', convert);
  convert();
})();
