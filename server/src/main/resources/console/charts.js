// Draws the charts of a page with uPlot. A section with data-source gives the address of the lines as JSON, see ChartData;
// each figure in it names its lines. While the lines grow, they are requested again every data-every milliseconds.
(function () {
  'use strict';
  var lang = document.documentElement.lang || 'en';
  var compact = new Intl.NumberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 });

  var drawn = []; // The sections with charts that are on the page.

  var sizes = window.ResizeObserver && new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      var chart = entry.target.chart;
      var width = Math.max(200, entry.target.clientWidth - 26);
      if (chart && width !== chart.width) chart.setSize({ width: width, height: 190 });
    });
  });

  function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function amount(unit, value) {
    if (value === null || value === undefined) return '–';
    if (unit === 'percent') return (value < 1 ? Math.min(99.9, Math.round(value * 1000) / 10) : Math.round(value * 1000) / 10) + ' %';
    if (unit === 'ms') return (Math.round(value * 100) / 100) + ' ms';
    if (unit === 'bytes') {
      var units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'], i = 0;
      // What would be rounded to 1024 is one of the next unit.
      while (Math.abs(value) >= (i ? 1023.5 : 1024) && i < 4) { value /= 1024; i++; }
      return (Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10) + ' ' + units[i];
    }
    return compact.format(value);
  }

  function two(number) { return number < 10 ? '0' + number : '' + number; }

  // A moment in the zone of the browser, as are the times at the axis.
  function moment(date) {
    return date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate()) + ' ' + two(date.getHours()) + ':'
      + two(date.getMinutes()) + ':' + two(date.getSeconds());
  }

  function times(chart, splits) {
    var days = splits.length > 1 && splits[splits.length - 1] - splits[0] > 2 * 86400;
    var seconds = splits.length > 1 && splits[1] - splits[0] < 60;
    return splits.map(function (at) {
      var date = new Date(at * 1000);
      var clock = two(date.getHours()) + ':' + two(date.getMinutes());
      return days ? two(date.getMonth() + 1) + '-' + two(date.getDate())
        : clock + (seconds ? ':' + two(date.getSeconds()) : '');
    });
  }

  function measured(row) { return row.filter(function (value) { return value !== null && value !== undefined; }); }

  function lines(figure, data) {
    var names = figure.dataset.series.split(',');
    var rows = names.map(function (name) { return data.series[name] || []; });
    var limit = figure.dataset.limit ? data.limits[figure.dataset.limit] : undefined;
    if (limit !== undefined) rows.push(data.at.map(function () { return limit; }));
    return [data.at].concat(rows);
  }

  function options(section, figure, rows) {
    var unit = figure.dataset.unit;
    var colors = [css('--accent'), css('--held')];
    var labels = figure.dataset.labels.split(',');
    var values = function (chart, value) { return amount(unit, value); };
    var series = labels.map(function (label, i) {
      return { label: label, stroke: colors[i], width: 2, spanGaps: true, value: values,
        fill: labels.length === 1 ? colors[i] + '22' : undefined,
        // A line with a single value has nothing but its point.
        points: { show: measured(rows[i + 1]).length < 40, size: 5 } };
    });
    if (rows.length > series.length + 1) {
      series.push({ label: section.dataset.limitName, stroke: css('--bad'), dash: [6, 4], width: 1.5, value: values,
        points: { show: false } });
    }
    var axis = { stroke: css('--soft'), grid: { stroke: css('--line'), width: 1 }, ticks: { stroke: css('--line'), width: 1 } };
    return {
      width: Math.max(200, figure.clientWidth - 26), height: 190, series: [{ label: section.dataset.timeName, value: function (chart, at) {
        return at === null || at === undefined ? '–' : moment(new Date(at * 1000)); } }].concat(series),
      scales: { y: { range: function (chart, low, high) { return [Math.min(0, low || 0), high > 0 ? high * 1.1 : 1]; } } },
      axes: [Object.assign({ values: times, space: 70 }, axis),
        Object.assign({ size: unit === 'bytes' ? 78 : 62, values: function (chart, splits) {
          return splits.map(function (value) { return amount(unit, value); }); } }, axis)],
      // Without a pointer on the chart, the legend shows the latest values.
      hooks: { setLegend: [function (chart) {
        if (chart.cursor.idx === null || chart.cursor.idx === undefined) chart.setLegend({ idx: chart.data[0].length - 1 }, false);
      }] },
      legend: { live: true }, cursor: { drag: { x: false, y: false } }
    };
  }

  function describe(section, figure, rows) {
    var values = measured(rows[1]);
    if (!values.length) return figure.querySelector('figcaption').textContent;
    return figure.querySelector('figcaption').textContent + ': ' + section.dataset.now + ' '
      + amount(figure.dataset.unit, values[values.length - 1]) + ', ' + section.dataset.highest + ' '
      + amount(figure.dataset.unit, Math.max.apply(null, values));
  }

  function draw(section, data) {
    var some = data.at.length > 1;
    var empty = section.querySelector('.empty');
    if (empty) empty.hidden = some;
    // No points follow after the end of the scan.
    if (empty && empty.dataset.ended && !data.live) empty.textContent = empty.dataset.ended;
    section.querySelectorAll('figure').forEach(function (figure) {
      var rows = lines(figure, data);
      // The row of the limit, the last one, is no measurement.
      var hasValues = some && rows.slice(1, 1 + figure.dataset.series.split(',').length).some(function (row) {
        return measured(row).length > 0; });
      figure.hidden = !hasValues;
      if (!hasValues) return;
      var plot = figure.querySelector('.plot');
      if (!plot) {
        plot = figure.appendChild(document.createElement('div'));
        plot.className = 'plot';
        plot.setAttribute('role', 'img');
      }
      plot.setAttribute('aria-label', describe(section, figure, rows));
      if (figure.chart) figure.chart.setData(rows);
      else {
        figure.chart = new uPlot(options(section, figure, rows), rows, plot);
        if (sizes) sizes.observe(figure);
      }
    });
  }

  function request(section) {
    if (!section.isConnected) return;
    var again = function () {
      if (section.dataset.every) setTimeout(function () { request(section); }, Number(section.dataset.every));
    };
    // A page in the background waits, but not before its first lines: not every chart asks again.
    if (document.hidden && section.data) { again(); return; }
    // The header says that no person has asked, so that the session of an unattended page still ends.
    fetch(section.dataset.source, { headers: { 'HX-Request': 'true', 'HX-Current-URL': location.href } })
      .then(function (response) {
        if (response.status === 401) { location.assign(response.headers.get('HX-Redirect') || '/console/sign-in'); return; }
        if (!response.ok) { again(); return; }
        return response.json().then(function (data) {
          if (!section.isConnected) return;
          section.data = data;
          draw(section, data);
          if (data.live) again();
        });
      })
      .catch(again);
  }

  // A chart listens to the window, which would keep the chart of a section that was replaced.
  function destroyCharts(section) {
    section.querySelectorAll('figure').forEach(function (figure) {
      if (sizes) sizes.unobserve(figure);
      if (figure.chart) figure.chart.destroy();
      figure.chart = null;
    });
  }

  function begin() {
    drawn = drawn.filter(function (section) {
      if (!section.isConnected) destroyCharts(section);
      return section.isConnected;
    });
    document.querySelectorAll('[data-source]').forEach(function (section) {
      if (section.begun) return;
      section.begun = true;
      drawn.push(section);
      section.querySelectorAll('figure').forEach(function (figure) { figure.hidden = true; });
      request(section);
    });
  }
  // The buttons of a period ask for the lines of so many days.
  document.addEventListener('click', function (event) {
    var button = event.target.closest('button[data-days]');
    var section = button && document.querySelector('[data-source]');
    if (!section) return;
    section.dataset.source = section.dataset.source.split('?')[0] + '?days=' + button.dataset.days;
    document.querySelectorAll('button[data-days]').forEach(function (each) {
      each.setAttribute('aria-pressed', each === button ? 'true' : 'false');
    });
    request(section);
  });
  document.addEventListener('htmx:afterSettle', begin);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin); else begin();
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () {
    drawn.forEach(function (section) {
      destroyCharts(section);
      if (section.data) draw(section, section.data);
    });
  });
})();
