// Ranks modes by a set of answers. The page /compare/choose runs this in the browser, `--choose` in Node.

/** Ranks the modes of a model by answers, best first. */
export function rank({ questions, modes, effects }, answers) {
  const judged = modes.map((mode) => {
    const reasons = questions.flatMap(({ id }) => {
      const effect = effects[id]?.[answers[id]]?.[mode.id];
      return effect ? [{ question: id, ...effect }] : [];
    });
    const points = reasons.reduce((sum, reason) => sum + reason.points, 0);
    return { mode: mode.id, points, out: reasons.some((reason) => reason.out), reasons };
  });
  const ranked = judged.toSorted((one, other) => one.out - other.out || other.points - one.points);
  return ranked.map((one) => ({ ...one, whyNot: whyNot(one, ranked[0]) }));
}

/** Lists the points in which the best mode is better than this one. */
function whyNot(one, best) {
  if (one === best) return [];
  return one.reasons.filter((reason) => {
    const same = best.reasons.find(({ question }) => question === reason.question);
    return reason.out || reason.points < (same?.points ?? 0);
  });
}

const { CSS, document, FormData } = globalThis;
if (document) {
  const model = JSON.parse(document.getElementById('model').textContent);
  const form = document.querySelector('form');
  form.addEventListener('change', () => show(form, model));
  // The fields are reset once the event is over.
  form.addEventListener('reset', () => globalThis.setTimeout(() => show(form, model)));
  show(form, model);
}

/** Updates the prepared list: every mode already has an entry, only order and texts change. */
function show(form, model) {
  const answers = Object.fromEntries(new FormData(form));
  const list = document.getElementById('ranking');
  for (const { mode, points, out, reasons, whyNot } of rank(model, answers)) {
    const entry = list.querySelector(`[data-mode="${CSS.escape(mode)}"]`);
    entry.querySelector('.points').textContent = out ? 'does not fit' : `${points} points`;
    fill(
      entry.querySelector('.reasons'),
      reasons.filter((reason) => !whyNot.includes(reason)),
    );
    fill(entry.querySelector('.why-not'), whyNot);
    entry.querySelector('.better').hidden = whyNot.length === 0;
    list.append(entry);
  }
}

function fill(list, reasons) {
  list.replaceChildren(...reasons.map(reasonItem));
}

function reasonItem({ text, links, points, out }) {
  const item = document.createElement('li');
  const sign = out ? '✗' : points > 0 ? `+${points}` : String(points);
  item.append(`${sign} ${text} `);
  for (const { title, href } of links) {
    const link = document.createElement('a');
    link.href = href;
    link.textContent = title;
    item.append(link, ' ');
  }
  return item;
}
