"use strict";
/* Draws each chart when it comes near the screen, and lets tables be sorted and searched. Asks no host for anything. */
(function () {
  // a number, and perhaps words behind it; not a code such as 00X, a period or a date
  const NUMBER = /^[~+-]?\d[\d,]*(\.\d+)?(?![\w-])/;
  // nothing printed, suppressed, or counts that are known only between bounds
  const HOLES = ["-", "*", "not exact"];

  const byNumber = (text) => {
    const number = Number(/-?\d[\d,]*(?:\.\d+)?/.exec(text)[0].replaceAll(",", ""));
    // so many referrals short lie below those that are over
    return /^[\d,]+( to [\d,]+)? short\b/.test(text) ? -number : number;
  };

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      head.querySelector("button").addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [row.cells[place].textContent.trim(), row]);
        const known = rows.filter(([text]) => !HOLES.includes(text));
        const numbers = known.length > 0 && known.every(([text]) => NUMBER.test(text));
        const order = (one, other) => (numbers && byNumber(one[0]) - byNumber(other[0])) || one[0].localeCompare(other[0], "en");
        known.sort(order);
        if (down) known.reverse();
        // holes stay at the end whichever way the rest is sorted
        const holes = rows.filter(([text]) => HOLES.includes(text));
        table.tBodies[0].append(...[...known, ...holes].map(([, row]) => row));
      });
    });
  }

  function searchable(input) {
    const table = document.getElementById(input.dataset.table);
    const found = input.parentElement.querySelector(".found");
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLocaleLowerCase("en");
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = wanted !== "" && !row.textContent.toLocaleLowerCase("en").includes(wanted);
        shown += row.hidden ? 0 : 1;
      }
      found.textContent = wanted === "" ? "" : `${shown} of ${table.tBodies[0].rows.length} rows`;
    });
  }

  /* Breaks words into lines of so many letters. */
  function broken(text, letters) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const last = lines[lines.length - 1];
      if (last && last.length + 1 + word.length > letters) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    return lines;
  }

  /* Breaks the words of keys and of rows where a screen is too narrow for them, and makes room for the lines. */
  function wrapped(made, width) {
    const say = (part, texts, letters) => {
      const lines = Object.fromEntries(texts.map((text) => [text, broken(String(text), letters)]));
      // what stands in the figures goes in as a signal's value: as part of an expression it could say something
      const name = `lines_${made.signals.length}`;
      made.signals.push({ name, value: lines });
      part.encode = part.encode || {};
      part.encode.labels = part.encode.labels || {};
      part.encode.labels.update = { ...part.encode.labels.update, text: { signal: `${name}[datum.value] || datum.label` } };
    };
    made.signals = made.signals || [];
    const scales = new Map(made.scales.map((scale) => [scale.name, scale]));
    for (const legend of made.legends || []) {
      const names = scales.get(legend.stroke || legend.fill || legend.shape || legend.strokeDash)?.domain;
      if (!Array.isArray(names)) continue;
      const longest = Math.max(...names.map((name) => String(name).length));
      const letters = Math.floor((width - 70) / 6.5);
      legend.columns = Math.max(1, Math.floor(width / (longest * 6.5 + (legend.symbolSize ? 64 : 34))));
      if (longest > letters) say(legend, names, letters);
    }
    for (const axis of made.axes || []) {
      const scale = scales.get(axis.scale);
      if (axis.orient !== "left" || axis.labels === false || !["band", "point"].includes(scale?.type)) continue;
      const field = scale.domain.field || scale.domain.fields?.[0]?.field;
      const rows = made.data.find((each) => each.name === "figures")?.values || [];
      const texts = [...new Set(rows.map((row) => row[field]).filter((text) => typeof text === "string"))];
      if (width < 480) axis.labelFontSize = 11;
      const letters = width < 480 ? 20 : 44;
      say(axis, texts, letters);
      axis.labelLimit = 0;
      // a row is as high as the most lines that one needs
      const lines = Math.max(1, ...texts.map((text) => broken(text, letters).length));
      if (typeof made.height === "number") made.height = Math.max(made.height, texts.length * (lines * 13 + 7));
    }
    return made;
  }

  /* Says how many pixels the words of a chart reach over its right edge. */
  function beyond(svg) {
    const edge = svg.getBoundingClientRect().right;
    return Math.ceil(Math.max(0, ...[...svg.querySelectorAll("text")].map((text) => text.getBoundingClientRect().right - edge)));
  }

  /* The figures stand column by column; a column of texts may hold each text once, and the place of it for each row. */
  function rowsOf(told) {
    const columns = told.figures.map((column) => column.texts ? column.at.map((place) => column.texts[place]) : column);
    return columns[0].map((_, row) => Object.fromEntries(told.columns.map((name, place) => [name, columns[place][row]])));
  }

  function chart(figure) {
    const told = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    const rows = rowsOf(told);
    const plot = figure.querySelector(".plot");
    const choice = figure.querySelector("select");
    // Vega names the element that it draws into; the words of the picture are those of the plot around it
    const canvas = document.createElement("div");
    canvas.setAttribute("aria-hidden", "true");
    let drawn = null;
    let drawnAt = 0;
    let turn = Promise.resolve();
    let later = 0;

    const chosen = () => {
      if (!told.switch) return rows;
      const value = told.switch.options[Number(choice.value)][0];
      return rows.filter((row) => row[told.switch.column] === value);
    };

    async function render() {
      const spec = structuredClone(window.iaptSpecs[told.spec]);
      const width = plot.clientWidth;
      spec.datasets = { ...spec.datasets, figures: chosen() };
      plot.replaceChildren(canvas);
      const options = { renderer: "svg", actions: false, tooltip: { theme: "light" }, patch: (made) => wrapped(made, width) };
      try {
        // words beside a mark may reach over the edge; then the marks make room for them
        for (let room = 5, over = 0, left = 3; left > 0; left -= 1) {
          spec.padding = { left: 5, top: 5, bottom: 5, right: room };
          if (drawn) drawn.finalize();
          drawn = await window.vegaEmbed(canvas, spec, options);
          over = beyond(plot.querySelector("svg"));
          if (over <= 0) break;
          room += over + 2;
        }
        drawnAt = width;
      } catch (error) {
        plot.replaceChildren(Object.assign(document.createElement("p"), { className: "failed" }));
        plot.firstChild.textContent = "The chart could not be drawn here; its figures stand in the table.";
        console.error(error);
      }
      // the words beside the picture say what it shows; its marks would be read one by one
      for (const part of plot.querySelectorAll("*")) {
        for (const name of ["role", "aria-label", "aria-roledescription"]) part.removeAttribute(name);
      }
      figure.dataset.drawn = "yes";
    }

    /* One after the other: a choice may be made before the last one is drawn. */
    function draw() {
      turn = turn.then(render);
      return turn;
    }

    function tabulate() {
      const body = figure.querySelector("tbody");
      const cells = chosen().filter((row) => row.drawn === undefined || row.drawn === "row");
      body.replaceChildren(...cells.map((row) => {
        const line = document.createElement("tr");
        for (const column of told.table) {
          const cell = line.insertCell();
          const value = row[column];
          cell.textContent = value === null ? "-" : typeof value === "number" ? value.toLocaleString("en-GB") : value;
          if (typeof value === "number") cell.className = "number";
        }
        return line;
      }));
    }

    if (choice) {
      choice.addEventListener("change", () => {
        const [, title, alt] = told.switch.options[Number(choice.value)];
        for (const each of figure.querySelectorAll(".title, caption")) each.textContent = title;
        figure.querySelector(".scroll").setAttribute("aria-label", title);
        plot.setAttribute("aria-label", alt);
        // the rows come in their own order again
        for (const head of figure.querySelectorAll("[aria-sort]")) head.removeAttribute("aria-sort");
        tabulate();
        draw();
      });
    }
    window.addEventListener("resize", () => {
      clearTimeout(later);
      later = setTimeout(() => { if (drawn && plot.clientWidth !== drawnAt) draw(); }, 150);
    });
    return draw;
  }

  const waiting = new Map();
  document.querySelectorAll("figure.picture").forEach((figure) => waiting.set(figure, chart(figure)));
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && waiting.has(target)) {
        const draw = waiting.get(target);
        waiting.delete(target);
        seen.unobserve(target);
        draw();
      }
    }
  }, { rootMargin: "800px" });
  waiting.forEach((_, figure) => seen.observe(figure));

  const drawNext = () => {
    const [next] = waiting;
    if (!next) return Promise.resolve();
    waiting.delete(next[0]);
    return next[1]();
  };

  /* Draws what has not been seen yet, at once. */
  window.iaptDrawAll = async () => { while (waiting.size) await drawNext(); };
  window.addEventListener("beforeprint", () => { window.iaptDrawAll(); });

  /* A printer does not scroll and does not wait: what is not seen is drawn when there is nothing else to do. */
  const idle = window.requestIdleCallback || ((task) => setTimeout(task, 200));
  const drawIdly = () => idle(() => { if (waiting.size) drawNext().then(drawIdly); });
  if (document.readyState === "complete") drawIdly();
  else window.addEventListener("load", drawIdly);

  document.querySelectorAll("table").forEach(sortable);
  document.querySelectorAll("input[type=search]").forEach(searchable);
})();
