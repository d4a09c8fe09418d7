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

// Where Tab leads when the cell that it led to is out of sight.
function keepStop() {
	if (current?.isConnected) return;
	current = table.querySelector("tbody tr:not(.suite) td");
	current?.setAttribute("tabindex", "0");
}

function neighbour(cell, down, right) {
	if (right) return right > 0 ? cell.nextElementSibling : cell.previousElementSibling;
	const inSight = [...table.querySelectorAll("tbody tr:not(.suite)")];
	const row = inSight[inSight.indexOf(cell.parentElement) + down];
	return row?.cells[Math.min(cell.cellIndex, row.cells.length - 1)];
}

function end(cell, last) {
	const { cells } = cell.parentElement;
	return last ? cells[cells.length - 1] : cells[1];
}

// All cells that are surprises, in the order of the page.
function surprises() {
	return rows.flatMap((row) =>
		kindsIn(row).flatMap(({ is }, column) => (is.includes("surprise") ? [{ row, column }] : [])),
	);
}

// The surprise next to where the reader is, round and round.
function nextSurprise(step) {
	const all = surprises();
	const here = cellNamed(readPlace().place) ?? (current && whereIs(current));
	const at = all.findIndex(({ row, column }) => row === here?.row && column === here?.column);
	return at < 0 ? all.at(step > 0 ? 0 : -1) : all[(at + step + all.length) % all.length];
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
	const found = nextSurprise(step);
	if (!found) return;
	go({ ...readPlace(), place: nameOf(found) });
	const cell = cellOf(found);
	reveal(cell);
	cell.focus({ preventScroll: true });
}
