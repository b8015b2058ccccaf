// Shows the windows of a form as a week to paint on, with a cell for each hour of each day. The rows of the form stay what is
// sent: painting writes them, and a change of a row changes the cells. Minutes within an hour stay until the hour is painted.
// Also offers the names of time zones.
(function () {
  'use strict';
  var DAY = 1440, WEEK = 7 * DAY;

  function two(number) { return number < 10 ? '0' + number : '' + number; }
  function clock(minute) { return two(Math.floor(minute / 60)) + ':' + two(minute % 60); }

  function minute(text) {
    var match = /^(\d{1,2})[:：]([0-5]\d)$/.exec(text.trim());
    var value = match ? Number(match[1]) * 60 + Number(match[2]) : -1;
    return value <= DAY ? value : -1;
  }

  function rows(form) {
    return Array.from(form.querySelectorAll('.week tbody tr')).filter(function (row) { return row.querySelector('input.time'); });
  }

  // The minutes of the week in which a window is open, from the rows that are complete.
  function read(form) {
    var open = new Uint8Array(WEEK);
    rows(form).forEach(function (row) {
      var times = row.querySelectorAll('input.time');
      var from = minute(times[0].value), until = minute(times[1].value);
      if (from < 0 || until < 0 || from === DAY) return;
      // A window that does not end after it begins, ends on the next day.
      var length = until > from ? until - from : until - from + DAY;
      row.querySelectorAll('input[type=checkbox]').forEach(function (box, day) {
        if (!box.checked) return;
        for (var i = 0; i < length; i++) open[(day * DAY + from + i) % WEEK] = 1;
      });
    });
    return open;
  }

  // The windows of a week. Windows of several days with the same times become one.
  function windows(open) {
    var groups = [], byTimes = {};
    function add(start, length) {
      var from = start % DAY, key = clock(from) + '-' + clock((from + length) % DAY || DAY);
      if (!byTimes[key]) {
        byTimes[key] = { days: [], from: key.slice(0, 5), until: key.slice(6) };
        groups.push(byTimes[key]);
      }
      byTimes[key].days.push(Math.floor(start / DAY));
    }
    // Begins after a closed minute, so that no window is cut in two; a week that is always open has none.
    var closed = open.indexOf(0), start = -1;
    var first = closed < 0 ? 0 : closed;
    for (var i = 0; i <= WEEK; i++) {
      var isOpen = i < WEEK && open[(first + i) % WEEK];
      if (isOpen && start < 0) start = i;
      if (isOpen || start < 0) continue;
      var length = i - start, at = first + start;
      // A window lasts for a day at most, so a longer time is cut at each midnight.
      while (length > DAY) {
        var part = DAY - at % DAY;
        add(at % WEEK, part);
        at += part;
        length -= part;
      }
      if (length > 0) add(at % WEEK, length);
      start = -1;
    }
    groups.forEach(function (group) { group.days.sort(); });
    return groups.sort(function (one, other) { return one.days[0] - other.days[0] || (one.from < other.from ? -1 : 1); });
  }

  function addRow(form) {
    var all = rows(form), last = all[all.length - 1], row = last.cloneNode(true), number = all.length;
    row.querySelectorAll('input').forEach(function (input) {
      input.name = input.name.replace(/\d+$/, number);
      if (input.id) input.id = input.id.replace(/\d+$/, number);
      input.setAttribute('aria-label', input.getAttribute('aria-label').replace(/\d+$/, number + 1));
    });
    last.parentNode.appendChild(row);
  }

  function write(form, open) {
    var groups = windows(open);
    while (rows(form).length < groups.length) addRow(form);
    rows(form).forEach(function (row, i) {
      var group = groups[i], times = row.querySelectorAll('input.time');
      times[0].value = group ? group.from : '';
      times[1].value = group ? group.until : '';
      row.querySelectorAll('input[type=checkbox]').forEach(function (box, day) {
        box.checked = !!group && group.days.indexOf(day) >= 0;
      });
    });
  }

  function begin(form) {
    var place = form.querySelector('.paint');
    if (!place || place.begun) return;
    place.begun = true;
    place.hidden = false;
    var names = Array.from(form.querySelectorAll('.week thead abbr'));
    var table = place.appendChild(document.createElement('table'));
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-multiselectable', 'true');
    table.setAttribute('aria-label', place.dataset.label);
    var head = table.createTHead().insertRow();
    head.appendChild(document.createElement('td'));
    names.forEach(function (name) {
      var cell = head.appendChild(document.createElement('th'));
      cell.scope = 'col';
      cell.textContent = name.textContent;
      cell.title = name.title;
    });
    var body = table.createTBody(), cells = [];
    for (var hour = 0; hour < 24; hour++) {
      var row = body.insertRow(), label = row.appendChild(document.createElement('th'));
      label.scope = 'row';
      label.className = 'mono time';
      label.textContent = clock(hour * 60);
      for (var day = 0; day < 7; day++) {
        var cell = row.insertCell();
        cell.setAttribute('role', 'gridcell');
        cell.time = names[day].title + ' ' + clock(hour * 60);
        cell.tabIndex = -1;
        cell.day = day;
        cell.hour = hour;
        cells.push(cell);
      }
    }
    var open = read(form), drag = null, current = cells[0];
    current.tabIndex = 0;

    function at(day, hour) { return cells[hour * 7 + day]; }

    function count(cell) {
      var start = cell.day * DAY + cell.hour * 60, sum = 0;
      for (var i = 0; i < 60; i++) sum += open[start + i];
      return sum;
    }

    function render() {
      cells.forEach(function (cell) {
        var sum = count(cell), isPart = sum > 0 && sum < 60;
        cell.setAttribute('aria-selected', sum === 60 ? 'true' : 'false');
        cell.classList.toggle('part', isPart);
        // The number of open minutes says without a color that an hour is partly open.
        cell.textContent = isPart ? sum : '';
        cell.setAttribute('aria-label', cell.time + (isPart ? ', ' + sum + ' ' + place.dataset.part : ''));
      });
    }

    function paint(cell, value) {
      var start = cell.day * DAY + cell.hour * 60;
      open.fill(value, start, start + 60);
    }

    function paintTo(cell) {
      open = drag.before.slice();
      for (var day = Math.min(drag.from.day, cell.day); day <= Math.max(drag.from.day, cell.day); day++) {
        for (var hour = Math.min(drag.from.hour, cell.hour); hour <= Math.max(drag.from.hour, cell.hour); hour++) {
          paint(at(day, hour), drag.value);
        }
      }
      render();
    }

    // The tab key leads to the cell that had the focus last.
    body.addEventListener('focusin', function (event) {
      current.tabIndex = -1;
      current = event.target.closest('td');
      current.tabIndex = 0;
    });
    body.addEventListener('mousedown', function (event) {
      var cell = event.target.closest('td');
      if (!cell || event.button !== 0) return;
      event.preventDefault();
      cell.focus();
      drag = { from: cell, value: count(cell) === 60 ? 0 : 1, before: open.slice() };
      paintTo(cell);
    });
    body.addEventListener('mouseover', function (event) {
      var cell = event.target.closest('td');
      if (cell && drag) paintTo(cell);
    });
    document.addEventListener('mouseup', function () {
      if (!drag) return;
      drag = null;
      write(form, open);
    });
    body.addEventListener('keydown', function (event) {
      var step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      var isToggle = event.key === ' ' || event.key === 'Enter';
      if (!step && !isToggle) return;
      event.preventDefault();
      if (isToggle) paint(current, count(current) === 60 ? 0 : 1);
      else {
        var value = count(current) === 60 ? 1 : 0;
        at(Math.max(0, Math.min(6, current.day + step[0])), Math.max(0, Math.min(23, current.hour + step[1]))).focus();
        // With the shift key, the cells on the way become like the one that was left.
        if (!event.shiftKey) return;
        paint(current, value);
      }
      render();
      write(form, open);
    });
    form.querySelector('.week').addEventListener('input', function () {
      open = read(form);
      render();
    });
    render();
  }

  // Offers the names of time zones, that of the browser first.
  function offerZones(form) {
    var input = form.querySelector('input[name="timeZone"]');
    if (!input || !Intl.supportedValuesOf || input.getAttribute('list')) return;
    var own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    var list = form.appendChild(document.createElement('datalist'));
    list.id = 'time-zones';
    [own, 'UTC'].concat(Intl.supportedValuesOf('timeZone')).forEach(function (zone, i, all) {
      if (all.indexOf(zone) === i) list.appendChild(document.createElement('option')).value = zone;
    });
    input.setAttribute('list', list.id);
  }

  function beginAll() { document.querySelectorAll('form.windows').forEach(function (form) { begin(form); offerZones(form); }); }
  document.addEventListener('htmx:afterSettle', beginAll);
  beginAll();
})();
