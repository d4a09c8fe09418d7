// Going places: to a row, a cell, a part of the page; where to is in the address.

let filtered = null;
let lifted = null; // the row's head or the cell that is linked to

function lift(element) {
	lifted?.classList.remove("here");
	lifted = element ?? null;
	lifted?.classList.add("here");
}

function show(state) {
	const asked = JSON.stringify([state.q, state.joined, state.sort]);
	if (asked !== filtered) filter(state);
	filtered = asked;
	const found = cellNamed(state.place);
	const row = found?.row ?? rowOf.get(state.place);
	if (row) uncover(row, found?.column);
	const cell = found && cellOf(found);
	lift(cell ?? row?.tr.cells[0]);
	if (!cell) return hideDrawer();
	take(cell);
	openDrawer(found).then(() => keepInSight(cell));
}

// The drawer takes room: what was in sight may be so no more.
function keepInSight(cell) {
	fit();
	if (box.classList.contains("fits")) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
	else scrollBox(cell);
}

// In a box that scrolls itself: the box at the window's top, so that its heads are in sight, and
// the cell clear of them.
function scrollBox(cell) {
	box.scrollIntoView({ block: "start" });
	const [inner, outer] = [cell.getBoundingClientRect(), box.getBoundingClientRect()];
	const names = cell.parentElement.cells[0].offsetWidth;
	const heads = table.tHead.offsetHeight + suites[0].body.rows[0].offsetHeight;
	const over = (low, high, least, most) => (low < least ? low - least : Math.max(0, high - most));
	box.scrollTop += over(inner.top, inner.bottom, outer.top + heads, outer.bottom - 40);
	box.scrollLeft += over(inner.left, inner.right, outer.left + names, outer.right - 20);
}

// A row or a cell that is linked to is shown, whatever the query says.
function uncover(row, column) {
	const { suite } = row;
	if (!suite.kept.includes(row)) suite.kept = suite.rows.filter((one) => one === row || suite.kept.includes(one));
	if (column !== undefined && ![...stands.values()].flat().includes(column)) {
		setColumns(new Map([...stands, [column, [column]]].sort(([one], [other]) => one - other)));
		for (const other of suites) drawSuite(other, !isOpen(other));
	}
	if (row.tr?.isConnected && row.drawing === drawing) return;
	suite.opened = true;
	suite.body.hidden = false;
	fold(suite, false);
}

function go(state, quietly) {
	history[quietly ? "replaceState" : "pushState"](null, "", fragment(state));
	show(state);
}

function reveal(element) {
	const cell = element.matches("td");
	if (cell && !box.classList.contains("fits")) scrollBox(element);
	else element.scrollIntoView({ block: cell ? "center" : "start", inline: "nearest" });
}

function elementAt(place) {
	const found = cellNamed(place);
	return found ? cellOf(found) : place && byId(place);
}

function jump() {
	const state = readPlace();
	show(state);
	const element = elementAt(state.place);
	if (element) reveal(element);
}

function onClick(event) {
	if (event.ctrlKey || event.metaKey || event.shiftKey) return;
	const cell = event.target.closest("tbody td");
	if (cell && table.contains(cell) && whereIs(cell)) {
		event.preventDefault();
		return go({ ...readPlace(), place: nameOf(whereIs(cell)) });
	}
	const anchor = event.target.closest("a[href^='#']");
	if (!anchor) return;
	event.preventDefault();
	const href = anchor.getAttribute("href");
	const wanted = readPlace(href);
	go(href.includes("&") ? wanted : { ...readPlace(), place: wanted.place });
	const element = elementAt(wanted.place) || (wanted.q && byId("matrix"));
	if (element) reveal(element);
}
