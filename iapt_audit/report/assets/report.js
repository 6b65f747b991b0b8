"use strict";
/* Draws each chart when it comes near the screen, and lets tables be sorted and searched. Asks no host for anything. */
(function () {
  const byNumber = (text) => {
    const found = /-?\d[\d,]*(?:\.\d+)?/.exec(text);
    return found ? Number(found[0].replaceAll(",", "")) : null;
  };

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      head.querySelector("button").addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [row.cells[place].textContent.trim(), row]);
        const known = rows.filter(([text]) => text !== "-");
        const numbers = known.length > 0 && known.every(([text]) => /^[~+-]?\d/.test(text));
        const periods = known.every(([text]) => /^\d{4}-\d{2}$/.test(text));
        const order = (one, other) =>
          numbers && !periods ? byNumber(one[0]) - byNumber(other[0]) : one[0].localeCompare(other[0], "en");
        known.sort(order);
        if (down) known.reverse();
        // holes stay at the end whichever way the rest is sorted
        const holes = rows.filter(([text]) => text === "-");
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
    let drawn = null;

    const chosen = () => {
      if (!told.switch) return rows;
      const value = told.switch.options[Number(choice.value)][0];
      return rows.filter((row) => row[told.switch.column] === value);
    };

    async function draw() {
      const spec = structuredClone(window.iaptSpecs[told.spec]);
      spec.datasets = { ...spec.datasets, figures: chosen() };
      spec.config.legend.columns = Math.max(1, Math.floor(plot.clientWidth / (spec.usermeta.key * 7 + 44)));
      if (drawn) drawn.finalize();
      try {
        drawn = await window.vegaEmbed(plot, spec, { renderer: "svg", actions: false, tooltip: { theme: "light" } });
      } catch (error) {
        plot.replaceChildren(Object.assign(document.createElement("p"), { className: "failed" }));
        plot.firstChild.textContent = "The chart could not be drawn here; its figures stand in the table.";
        console.error(error);
      }
      // the words beside the picture say what it shows; its marks would be read one by one
      for (const part of plot.querySelectorAll("svg, svg *")) {
        for (const name of ["role", "aria-label", "aria-roledescription"]) part.removeAttribute(name);
      }
      plot.querySelector("svg")?.setAttribute("aria-hidden", "true");
      figure.dataset.drawn = "yes";
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
        figure.querySelector(".title").textContent = title;
        plot.setAttribute("aria-label", alt);
        tabulate();
        draw();
      });
    }
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

  /* For print and for tests: draws what has not been seen yet. */
  window.iaptDrawAll = () => Promise.all([...waiting.entries()].map(([figure, draw]) => {
    waiting.delete(figure);
    return draw();
  }));
  window.addEventListener("beforeprint", () => { window.iaptDrawAll(); });

  document.querySelectorAll("table").forEach(sortable);
  document.querySelectorAll("input[type=search]").forEach(searchable);
})();
