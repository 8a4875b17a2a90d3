// Shows a question only when its condition holds. The conditions are the expression trees of the policy data;
// this is their second engine and is tested against the same vectors. Without script all questions are shown.
(function () {
  'use strict';

  function kind(v) { return Array.isArray(v) ? 'list' : v === null || v === undefined ? 'null' : typeof v; }
  function same(a, b) {
    if (kind(a) !== kind(b)) return false;
    if (kind(a) === 'null') return true;
    if (kind(a) !== 'list') return a === b;
    return a.length === b.length && a.every(function (x, i) { return same(x, b[i]); });
  }
  function contains(many, one) { return Array.isArray(many) && many.some(function (x) { return same(x, one); }); }
  function ordered(a, b, test) { return kind(a) === kind(b) && (kind(a) === 'number' || kind(a) === 'string') && test(a, b); }
  function fold(step) {
    return function () {
      var values = Array.prototype.slice.call(arguments);
      return values.every(function (v) { return kind(v) === 'number'; }) ? values.reduce(step) : null;
    };
  }
  function day(text) {
    if (kind(text) !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return null;
    var at = new Date(text + 'T00:00:00Z');
    return isNaN(at) || at.toISOString().slice(0, 10) !== text ? null : at;
  }
  function truth(v) { return v === true; }
  var eager = {
    'list': [function () { return Array.prototype.slice.call(arguments); }, 0, null],
    'not': [function (v) { return !truth(v); }, 1, 1],
    '==': [same, 2, 2],
    '!=': [function (a, b) { return !same(a, b); }, 2, 2],
    '<': [function (a, b) { return ordered(a, b, function (x, y) { return x < y; }); }, 2, 2],
    '<=': [function (a, b) { return ordered(a, b, function (x, y) { return x <= y; }); }, 2, 2],
    '>': [function (a, b) { return ordered(a, b, function (x, y) { return x > y; }); }, 2, 2],
    '>=': [function (a, b) { return ordered(a, b, function (x, y) { return x >= y; }); }, 2, 2],
    'in': [function (one) { return contains(Array.prototype.slice.call(arguments, 1), one); }, 1, null],
    'has': [contains, 2, 2],
    'has_any': [function (many) { return Array.prototype.slice.call(arguments, 1).some(function (one) { return contains(many, one); }); }, 1, null],
    'count': [function (many) { return Array.isArray(many) ? many.length : 0; }, 1, 1],
    'given': [function (v) { return kind(v) !== 'null' && v !== '' && !(Array.isArray(v) && !v.length); }, 1, 1],
    '+': [fold(function (a, b) { return a + b; }), 1, null],
    '-': [fold(function (a, b) { return a - b; }), 2, 2],
    '*': [fold(function (a, b) { return a * b; }), 1, null],
    'min': [fold(function (a, b) { return Math.min(a, b); }), 1, null],
    'max': [fold(function (a, b) { return Math.max(a, b); }), 1, null],
    'add_days': [function (from, days) {
      var at = day(from);
      if (!at || kind(days) !== 'number' || Math.abs(days) > 36600) return null;
      at.setUTCDate(at.getUTCDate() + days);
      return at.toISOString().slice(0, 10);
    }, 2, 2],
    'days_between': [function (a, b) { var x = day(a), y = day(b); return x && y ? Math.round((y - x) / 86400000) : null; }, 2, 2]
  };
  var lazy = { 'var': [1, 1], 'if': [3, 3], 'and': [0, null], 'or': [0, null] };

  function evaluate(tree, given, depth) {
    if (!Array.isArray(tree)) return tree;
    var op = tree[0], parts = tree.slice(1), at = (depth || 0) + 1;
    var known = typeof op === 'string' && (Object.prototype.hasOwnProperty.call(lazy, op) || Object.prototype.hasOwnProperty.call(eager, op));
    var sizes = !known ? null : lazy[op] || eager[op].slice(1);
    if (!known || at > 41 || parts.length < sizes[0] || (sizes[1] !== null && parts.length > sizes[1])) throw new Error('no expression');
    function value(part) { return evaluate(part, given, at); }
    if (op === 'var') {
      if (typeof parts[0] !== 'string') throw new Error('no name');
      return Object.prototype.hasOwnProperty.call(given, parts[0]) && given[parts[0]] !== undefined ? given[parts[0]] : null;
    }
    if (op === 'if') return value(truth(value(parts[0])) ? parts[1] : parts[2]);
    if (op === 'and') return parts.every(function (part) { return truth(value(part)); });
    if (op === 'or') return parts.some(function (part) { return truth(value(part)); });
    return eager[op][0].apply(null, parts.map(value));
  }
  window.hutongExpression = evaluate;

  // Answers in the order of the questions: what is hidden has no answer for the questions after it.
  function answer(part) {
    var name = part.dataset.item, type = part.dataset.type;
    var on = Array.prototype.slice.call(part.querySelectorAll('[name="' + name + '"]')).filter(function (el) {
      return !/radio|checkbox/.test(el.type) || el.checked;
    }).map(function (el) { return el.value; });
    if (type === 'many') return on;
    if (!on.length || on[0] === '') return null;
    return type === 'yes_no' ? on[0] === 'yes' : type === 'number' ? Number(on[0]) : on[0];
  }
  function ask(form) {
    var given = JSON.parse(form.dataset.given);
    form.querySelectorAll('[data-item]').forEach(function (part) {
      var shown = !part.dataset.show || truth(evaluate(JSON.parse(part.dataset.show), given));
      part.hidden = !shown;
      part.querySelectorAll('input,select,textarea').forEach(function (el) { el.disabled = !shown; });
      if (shown) {
        var told = answer(part);
        if (told !== null && !(Array.isArray(told) && !told.length)) given[part.dataset.item] = told;
      }
    });
  }
  document.querySelectorAll('form[data-given]').forEach(function (form) {
    ask(form);
    form.addEventListener('change', function () { ask(form); });
  });
})();
