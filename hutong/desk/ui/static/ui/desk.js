// Comfort on top of pages that work without it: keys, questions shown when asked for, confirmation, sending once.
// Floor: Chrome 64 (ES2017: no ?., no ??, no replaceAll).
(function () {
  'use strict';
  var body = document.body;
  var typing = function (el) { return /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) || el.isContentEditable; };

  // Keyboard: / search, j k rows, Enter open, e main button, ? list. Off when the user says so; never inside fields.
  var rows = function () { return Array.prototype.slice.call(document.querySelectorAll('table[data-rows] tbody tr')); };
  function move(step) {
    var all = rows(), at = all.findIndex(function (r) { return r.classList.contains('cursor'); });
    if (!all.length) return;
    if (at >= 0) all[at].classList.remove('cursor');
    var row = all[Math.max(0, Math.min(all.length - 1, at + step))];
    row.classList.add('cursor');
    row.scrollIntoView({ block: 'nearest' });
    var link = row.querySelector('a');
    if (link) link.focus();
  }
  function keys(show) {
    var box = document.getElementById('keys');
    if (!box) return;
    box.hidden = show === undefined ? !box.hidden : !show;
    if (!box.hidden) box.focus();
  }
  var acts = {
    '/': function () { var q = document.getElementById('q'); if (q) { q.focus(); q.select(); } },
    'j': function () { move(1); },
    'k': function () { move(-1); },
    'e': function () { var b = document.querySelector('main .btn.pri'); if (b) b.focus(); },
    '?': function () { keys(); }
  };
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') return keys(false);
    if (body.dataset.shortcuts !== 'on' || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });

  // Questions asked only for some answers; what is not asked is not sent.
  function answers(form, name) {
    return Array.prototype.slice.call(form.elements).filter(function (el) { return el.name === name; }).filter(function (el) {
      return !/radio|checkbox/.test(el.type) || el.checked;
    }).map(function (el) { return el.value; });
  }
  function ask(form) {
    form.querySelectorAll('[data-when]').forEach(function (part) {
      var wanted = part.dataset.is.split('|');
      var shown = answers(form, part.dataset.when).some(function (v) { return wanted.indexOf(v) >= 0; });
      part.hidden = !shown;
      part.querySelectorAll('input,select,textarea').forEach(function (el) { el.disabled = !shown; });
    });
    form.querySelectorAll('.opt').forEach(function (opt) {
      var box = opt.querySelector('input');
      opt.classList.toggle('on', !!box && box.checked);
    });
  }
  function prepare(root) { root.querySelectorAll('form').forEach(ask); }
  prepare(document);
  document.addEventListener('htmx:afterSwap', function () { prepare(document); });

  // Unsaved text: the browser asks before the page is left.
  var dirty = false;
  document.addEventListener('input', function (event) { if (event.target.form && event.target.form.method === 'post') dirty = true; });
  document.addEventListener('change', function (event) {
    if (event.target.form) ask(event.target.form);
    var all = event.target.dataset.all;
    if (all) document.querySelectorAll('input[type=checkbox][name="' + all + '"]').forEach(function (el) { el.checked = event.target.checked; });
    if (event.target.hasAttribute('data-go')) event.target.form.submit();
  });
  window.addEventListener('beforeunload', function (event) { if (dirty) { event.preventDefault(); event.returnValue = body.dataset.leave; } });

  // Confirmation, and one sending: the server refuses a second one by its operation id, this only spares the wait.
  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-confirm]');
    if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
    var close = event.target.closest('[data-close]');
    if (close) document.getElementById(close.dataset.close).hidden = true;
    if (event.target.closest('[data-print]')) window.print();
  });
  document.addEventListener('submit', function (event) {
    if (event.defaultPrevented || event.target.method !== 'post') return;
    dirty = false;
    var button = event.target.querySelector('.btn.pri');
    if (!button || event.target.hasAttribute('data-stay')) return;
    var label = button.innerHTML;
    setTimeout(function () { button.setAttribute('aria-busy', 'true'); button.disabled = true; button.textContent = body.dataset.saving; }, 0);
    // Coming back by the browser's button finds the page as it was left, with its text: the button must work again.
    window.addEventListener('pageshow', function () { button.removeAttribute('aria-busy'); button.disabled = false; button.innerHTML = label; });
  });

  var errors = document.querySelector('.errs');
  if (errors) errors.focus();
})();
