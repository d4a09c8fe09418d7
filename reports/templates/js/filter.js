// A query's work: which rows and columns are in sight, in which order, and what is said about it.

const form = byId("filters");
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
	form.sort.value = Object.hasOwn(SORTS, state.sort) ? state.sort : "";
	table.dataset.sort = form.sort.value;
}
