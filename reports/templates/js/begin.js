// Brings the parts together. Without all this the page lacks comfort, but no fact.

const form = byId("filters");
const help = byId("help");
const MANY_CELLS = 15000; // more are not unfolded at once unless somebody asks
const MANY_COLUMNS = 24; // of so many, equal neighbours are joined from the start

function filter(state) {
	const { terms, wrong } = parseQuery(state.q);
	const left = select(terms);
	const kept = new Set(left.rows);
	const joined = state.joined ?? columns.length > MANY_COLUMNS;
	setColumns(joined ? joinedColumns(left.columns, left.rows) : new Map(left.columns.map((at) => [at, [at]])));
	const narrowed = terms.some(({ key }) => !OF_COLUMNS.includes(key));
	const calm = (narrowed || rows.length <= 60) && left.rows.length * stands.size <= MANY_CELLS;
	for (const suite of suites) showSuite(suite, kept, calm, state.sort, left.columns);
	arrange();
	tellCounts(left, wrong);
	showForm(state, joined);
}

function showSuite(suite, kept, calm, sort, chosen) {
	const order = sorted(suite.rows.filter((row) => kept.has(row)), sort, chosen);
	Object.assign(suite, { kept: order.rows, weight: order.weight });
	suite.body.hidden = suite.kept.length === 0;
	drawSuite(suite, suite.body.hidden || !(suite.opened ?? calm));
	tellTally(suite);
}

function tellTally({ tally, told, kept, rows }) {
	tally.replaceChildren(...(kept.length < rows.length ? [`${kept.length} of ${rows.length} claims`] : told));
}

// The suites in their order; those that are there already stay, and with them what has the focus.
function arrange() {
	const order = suites.toSorted((one, other) => other.weight - one.weight);
	if (order.some(({ body }, index) => table.tBodies[index] !== body)) table.append(...order.map(({ body }) => body));
	keepStop();
}

function fold(suite, folded) {
	drawSuite(suite, folded);
	keepStop();
}

function tellCounts(left, wrong) {
	const some = left.columns.length < columns.length ? `, ${left.columns.length} of ${columns.length} targets` : "";
	byId("shown").textContent = `${left.rows.length} of ${rows.length} claims${some}`;
	byId("wrong").textContent = wrong;
}

function showForm(state, joined) {
	if (document.activeElement !== form.q) form.q.value = state.q;
	for (const check of form.querySelectorAll("[data-term]"))
		check.checked = state.q.split(/\s+/).includes(check.dataset.term);
	form.joined.checked = joined;
	form.sort.value = state.sort in SORTS ? state.sort : "";
}

// Going places

let filtered = null;

function show(state) {
	const asked = JSON.stringify([state.q, state.joined, state.sort]);
	if (asked !== filtered) filter(state);
	filtered = asked;
	for (const old of table.querySelectorAll(".here")) old.classList.remove("here");
	const found = cellNamed(state.place);
	const row = found?.row ?? rowOf.get(state.place);
	if (row) uncover(row, found?.column);
	if (!found) {
		row?.tr.cells[0].classList.add("here");
		return hideDrawer();
	}
	const cell = cellOf(found);
	cell.classList.add("here");
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
	const place = decoded(anchor.getAttribute("href").slice(1).split("&")[0]);
	go({ ...readPlace(), place });
	const element = elementAt(place);
	if (element) reveal(element);
}

function light(event) {
	const cell = event.target.closest?.("tbody td");
	for (const old of table.tHead.querySelectorAll(".lit")) old.classList.remove("lit");
	const found = cell && whereIs(cell);
	if (!found) return;
	for (const heads of [kernelHeads, releaseHeads]) heads[found.column].classList.add("lit");
	enlink(cell);
}

// The page's own age: its bytes hold no clock.
function tellAge() {
	const started = byId("started");
	const days = Math.floor((Date.now() - Date.parse(started.dateTime)) / 86400000);
	if (!(days >= 2)) return;
	make("span", ` (${days} days ago)`, started, days > 7 ? "stale" : "");
}

// A suite's head, whose name folds and unfolds it.
function equip(suite) {
	drawSuite(suite, true);
	const head = suite.tr.cells[0];
	const name = head.querySelector(".name");
	suite.tally = head.querySelector(".tally");
	suite.told = [...suite.tally.childNodes];
	suite.button = make("button", name.textContent);
	suite.button.type = "button";
	name.replaceChildren(suite.button);
	head.addEventListener("click", () => {
		suite.opened = !isOpen(suite);
		fold(suite, !suite.opened);
	});
}

byId("fold").addEventListener("click", (event) => {
	const open = event.target.getAttribute("aria-pressed") !== "true";
	event.target.setAttribute("aria-pressed", String(open));
	event.target.textContent = open ? "Fold all" : "Unfold all";
	for (const suite of suites) fold(suite, !(suite.opened = open));
});
byId("copy-link").addEventListener("click", (event) => copy(address(readPlace()), event.target));
byId("ask").addEventListener("click", () => help.showModal());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
	const state = readPlace();
	for (const suite of suites) suite.opened = null;
	if (target.dataset.term) state.q = withTerm(state.q, target.dataset.term, target.checked);
	else if (target === form.joined) state.joined = target.checked;
	else if (target === form.sort) state.sort = form.sort.value;
	else state.q = form.q.value.trim();
	if (target !== form.q) form.q.value = state.q;
	go({ ...state, place: "" }, true);
});
const theme = byId("theme").querySelector("select");
theme.value = keptTheme();
setTheme(theme.value);
theme.addEventListener("input", () => setTheme(theme.value));
byId("theme").hidden = false;
document.addEventListener("click", onClick);
document.addEventListener("keydown", onPageKey);
table.addEventListener("keydown", onGridKey);
table.addEventListener("pointerover", light);
table.addEventListener("focusin", light);
addEventListener("popstate", jump);
addEventListener("hashchange", jump);

// A box that scrolls in both directions is only for windows too narrow for the table.
const fit = () => box.classList.toggle("fits", table.offsetWidth <= box.clientWidth);
new ResizeObserver(fit).observe(box);
narrow.addEventListener("change", () => {
	outdate();
	for (const suite of suites) drawSuite(suite, !isOpen(suite));
	show(readPlace());
});
form.hidden = false;
suites.forEach(equip);
jump();
fit();
tellAge();
