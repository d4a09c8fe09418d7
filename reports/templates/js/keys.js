// The keyboard: the matrix is one stop for Tab, arrows move inside it.

let current = null; // the cell that Tab leads to

function take(cell) {
	current?.setAttribute("tabindex", "-1");
	cell.setAttribute("tabindex", "0");
	current = cell;
	enlink(cell);
}

// A cell becomes a link when somebody comes near it: one for each cell would double the page.
function enlink(cell) {
	if (cell.firstElementChild?.matches("a")) return;
	const anchor = document.createElement("a");
	anchor.href = fragment({ ...readPlace(), place: nameOf(whereIs(cell)) });
	anchor.tabIndex = -1;
	anchor.append(...cell.childNodes);
	cell.append(anchor);
}

const isSeen = (element) => element.getClientRects().length > 0;

function neighbour(cell, down, right) {
	if (right) {
		let next = cell;
		do next = right > 0 ? next.nextElementSibling : next.previousElementSibling;
		while (next && !isSeen(next));
		return next;
	}
	const { row } = whereIs(cell);
	for (let at = row.index + down; rows[at]; at += down)
		if (isSeen(rows[at].tr)) return rows[at].tr.cells[cell.cellIndex];
	return null;
}

function end(cell, last) {
	const seen = [...cell.parentElement.cells].slice(1).filter(isSeen);
	return last ? seen.at(-1) : seen[0];
}

// The next cell that is a surprise, in the order of the page, round and round.
function nextSurprise(step) {
	const all = [...table.querySelectorAll("td.surprise")];
	if (!all.length) return null;
	const at = all.indexOf(current);
	if (at >= 0) return all[(at + step + all.length) % all.length];
	return step > 0 ? all[0] : all.at(-1);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function moved(cell, key) {
	if (key in MOVES) return neighbour(cell, ...MOVES[key]);
	if (key === "Home" || key === "End") return end(cell, key === "End");
	return undefined;
}

function onGridKey(event) {
	const cell = event.target.closest("td");
	if (!cell || !whereIs(cell) || event.altKey || event.ctrlKey || event.metaKey) return;
	if (event.key === "Enter") {
		event.preventDefault();
		return go({ ...readPlace(), place: nameOf(whereIs(cell)) });
	}
	const next = moved(cell, event.key);
	if (next === undefined) return;
	event.preventDefault();
	if (!next || !whereIs(next)) return;
	take(next);
	next.focus();
	if (!drawer.hidden) go({ ...readPlace(), place: nameOf(whereIs(next)) }, true);
}

function onPageKey(event) {
	if (event.altKey || event.ctrlKey || event.metaKey) return;
	if (event.key === "Escape" && !drawer.hidden) return shut();
	if (event.target.closest?.("input, textarea, dialog")) return;
	const keys = { "/": () => form.q.focus(), "?": () => help.showModal(), n: () => visit(1), p: () => visit(-1) };
	if (!(event.key in keys)) return;
	event.preventDefault();
	keys[event.key]();
}

function visit(step) {
	const cell = nextSurprise(step);
	if (!cell) return;
	go({ ...readPlace(), place: nameOf(whereIs(cell)) });
	reveal(cell);
	cell.focus({ preventScroll: true });
}
