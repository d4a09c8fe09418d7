"use strict";
// Filters, folds, and shows one cell in full. Without it the page lacks comfort, but no fact.
(() => {
	const byId = (id) => document.getElementById(id);
	const details = JSON.parse(byId("details").textContent);
	const box = byId("matrix");
	const table = box.querySelector("table");
	const form = byId("filters");
	const drawer = byId("drawer");
	const suites = [...table.tBodies];
	const rows = suites.flatMap((suite) => [...suite.rows].slice(1));
	const heads = [...table.tHead.rows].slice(1).map((row) => row.cells);

	// Where we are and what is shown is all in the fragment: "#place&q=words&only=surprises".
	function decode(part) {
		try {
			return decodeURIComponent(part);
		} catch {
			return part;
		}
	}

	function read() {
		const state = { place: "", q: "", differs: false, surprises: false };
		for (const part of location.hash.slice(1).split("&").map(decode)) {
			if (part.startsWith("q=")) state.q = part.slice(2);
			else if (part === "only=differs") state.differs = true;
			else if (part === "only=surprises") state.surprises = true;
			else state.place ||= part;
		}
		return state;
	}

	function fragment(state) {
		const parts = [state.place];
		if (state.q) parts.push("q=" + encodeURIComponent(state.q));
		if (state.differs) parts.push("only=differs");
		if (state.surprises) parts.push("only=surprises");
		return "#" + parts.join("&");
	}

	// Rows

	function matches(row, words) {
		const text = row.cells[0].textContent.toLowerCase();
		return words.every((word) => text.includes(word));
	}

	function filter(state) {
		const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
		let shown = 0;
		for (const row of rows) {
			const fits =
				(!state.differs || row.classList.contains("differs")) &&
				(!state.surprises || row.classList.contains("surprising")) &&
				matches(row, words);
			row.classList.toggle("out", !fits);
			shown += fits;
		}
		for (const suite of suites) {
			const some = [...suite.rows].slice(1).some((row) => !row.classList.contains("out"));
			suite.rows[0].classList.toggle("out", !some);
		}
		byId("shown").textContent = `${shown} of ${rows.length} claims`;
		form.q.value = state.q;
		form.differs.checked = state.differs;
		form.surprises.checked = state.surprises;
	}

	function fold(suite, folded) {
		suite.classList.toggle("folded", folded);
		suite.querySelector("button").setAttribute("aria-expanded", String(!folded));
	}

	// One cell

	const isCell = (element) => element instanceof Element && element.matches("td[id]");
	const index = (cell) => cell.cellIndex - 1;

	function known(cell) {
		const [written, cells] = details.rows[rows.indexOf(cell.parentElement)];
		const [got, want, rule, note, boot, took, splats, tried] = cells[index(cell)];
		const [why, place] = details.rules[rule];
		return { written, got, want, why, place, note, boot, took, splats, tried };
	}

	function brief(cell) {
		const { got, want, why, note, splats } = known(cell);
		const lines = [cell.id, `got ${got}, wanted ${want}`, note, ...splats.map(([title]) => title), why];
		return lines.filter(Boolean).join("\n");
	}

	function make(tag, text, parent, className) {
		const element = document.createElement(tag);
		element.textContent = text;
		if (className) element.className = className;
		parent.append(element);
		return element;
	}

	function tell(list, label, text, ...more) {
		if (!text) return;
		const pair = make("div", "", list);
		make("dt", label, pair);
		const value = make("dd", text, pair);
		for (const line of more.filter(Boolean)) make("p", line, value);
	}

	// What the kernel logged: its lines folded away, as they are many.
	function complain(list, title, fingerprint, excerpt) {
		const pair = make("div", "", list);
		make("dt", "splat", pair);
		const more = make("details", "", make("dd", "", pair));
		make("summary", title, more);
		make("p", fingerprint, more);
		make("pre", excerpt, more);
	}

	function open(cell) {
		const { written, got, want, why, place, note, boot, took, splats, tried } = known(cell);
		const row = cell.parentElement.cells[0];
		const kind = Object.keys(details.meanings).find((name) => cell.classList.contains(name));
		drawer.textContent = "";
		const close = make("button", "✕", drawer, "close");
		close.setAttribute("aria-label", "Close");
		close.addEventListener("click", shut);
		make("h2", cell.id, drawer);
		make("p", row.querySelector(".text").textContent, drawer);
		const list = make("dl", "", drawer);
		tell(list, "got", got, details.meanings[kind]);
		tell(list, "wanted", want, cell.classList.contains("surprise") && "Not what was seen: a surprise.");
		tell(list, "why", why, place);
		tell(list, "note", note);
		for (const splat of splats) complain(list, ...splat);
		tell(list, "kernel", heads[1][index(cell)].textContent, heads[1][index(cell)].title);
		tell(list, "boot", boot && `${boot}`, took !== null && `took ${took} ms in the guest`);
		tell(list, "tried", tried);
		tell(list, "claim", written);
		tell(list, "more", `lab show ${cell.id}`);
		drawer.hidden = false;
	}

	function shut() {
		drawer.hidden = true;
		go({ ...read(), place: "" }, true);
	}

	// Going places

	function show(state) {
		filter(state);
		for (const old of table.querySelectorAll(".here")) old.classList.remove("here");
		const place = byId(state.place);
		drawer.hidden = !isCell(place);
		if (!place) return;
		const suite = place.closest("tbody");
		if (suite && table.contains(suite)) {
			fold(suite, false);
			place.closest("tr")?.classList.remove("out");
			suite.rows[0].classList.remove("out");
		}
		if (isCell(place)) {
			place.classList.add("here");
			take(place);
			open(place);
		}
	}

	function go(state, quietly) {
		history[quietly ? "replaceState" : "pushState"](null, "", fragment(state));
		show(state);
	}

	function jump() {
		const { place } = read();
		show(read());
		if (place) byId(place)?.scrollIntoView({ block: isCell(byId(place)) ? "center" : "start", inline: "nearest" });
	}

	// The keyboard: the matrix is one stop for Tab, arrows move inside it.

	let current;

	function take(cell) {
		current?.firstElementChild.setAttribute("tabindex", "-1");
		cell.firstElementChild.setAttribute("tabindex", "0");
		current = cell;
	}

	function neighbour(cell, down, right) {
		if (right) return cell.parentElement.cells[cell.cellIndex + right];
		const seen = rows.filter((row) => row.getClientRects().length);
		return seen[seen.indexOf(cell.parentElement) + down]?.cells[cell.cellIndex];
	}

	const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

	function onKey(event) {
		const cell = event.target.closest("td[id]");
		const move = MOVES[event.key];
		if (!cell || !move || event.altKey || event.ctrlKey || event.metaKey) return;
		const next = neighbour(cell, ...move);
		event.preventDefault();
		if (!isCell(next)) return;
		take(next);
		next.firstElementChild.focus();
		if (!drawer.hidden) go({ ...read(), place: next.id }, true);
	}

	function light(event) {
		const cell = event.target.closest?.("td[id]");
		for (const old of table.tHead.querySelectorAll(".lit")) old.classList.remove("lit");
		if (!cell) return;
		for (const head of heads) head[index(cell)].classList.add("lit");
		if (!cell.title) cell.title = brief(cell);
	}

	// Begin

	for (const suite of suites) {
		const name = suite.querySelector(".name");
		const button = document.createElement("button");
		button.type = "button";
		button.append(...name.childNodes);
		name.append(button);
		fold(suite, false);
		button.addEventListener("click", () => fold(suite, !suite.classList.contains("folded")));
	}
	for (const link of table.querySelectorAll("td > a")) link.setAttribute("tabindex", "-1");
	const first = table.querySelector("td[id]");
	if (first) take(first);

	byId("fold").addEventListener("click", (event) => {
		const folded = event.target.getAttribute("aria-pressed") !== "true";
		event.target.setAttribute("aria-pressed", String(folded));
		for (const suite of suites) fold(suite, folded);
	});
	form.addEventListener("submit", (event) => event.preventDefault());
	form.addEventListener("input", () => {
		const { place } = read();
		const { q, differs, surprises } = form;
		go({ place, q: q.value.trim(), differs: differs.checked, surprises: surprises.checked }, true);
	});
	document.addEventListener("click", (event) => {
		const link = event.target.closest("a[href^='#']");
		if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
		const place = decode(link.getAttribute("href").slice(1));
		event.preventDefault();
		go({ ...read(), place });
		if (!box.contains(link) || !isCell(byId(place))) byId(place)?.scrollIntoView();
	});
	document.addEventListener("keydown", (event) => {
		if (event.key === "Escape" && !drawer.hidden) shut();
	});
	table.addEventListener("keydown", onKey);
	table.addEventListener("pointerover", light);
	table.addEventListener("focusin", light);
	addEventListener("popstate", jump);
	addEventListener("hashchange", jump);

	// A box that scrolls in both directions is only for windows too narrow for the table.
	const fit = () => box.classList.toggle("fits", table.offsetWidth <= box.clientWidth);
	new ResizeObserver(fit).observe(box);
	form.hidden = false;
	fit();
	jump();
})();
