// Rows as elements. Only those in sight are in the table, with a cell for each column in sight; on a
// narrow screen each row is a card, with a cell for each run of kernels that came out alike.

const narrow = matchMedia("screen and (max-width: 40rem)");
const mould = document.createElement("template");
let drawing = 0; // rises when other columns are in sight: what was drawn before is out of date

function outdate() {
	drawing += 1;
}

// The elements of suites' heads and of rows.
function draw(parts) {
	const old = parts.filter((one) => one.drawing !== drawing);
	const cells = old.map((one) => (narrow.matches && one.suite ? runsIn(one) : [...stands.values()]));
	mould.innerHTML = old.map(({ line }, index) => htmlOf(line, cells[index], narrow.matches)).join("");
	[...mould.content.children].forEach((tr, index) => settle(old[index], tr, cells[index]));
	return parts.map(({ tr }) => tr);
}

function htmlOf({ head, cells }, members, labelled) {
	let before = "";
	const fields = members.map((own) => {
		const { arch } = columns[own[0]];
		const html = arch === before ? cells[own[0]] : edged(cells[own[0]]);
		before = arch;
		return "<td" + (labelled ? html.replace("</td>", ` ${label(own)}</td>`) : html);
	});
	return head + fields.join("");
}

// The first column of an arch stands apart, also when it is another one than in the page.
function edged(html) {
	return /^ class="[^"]*\bedge"/.test(html) ? html : html.replace('="', '="edge ');
}

// An element with what its row's last one had gathered: a button, a listener, who links to it.
function settle(one, tr, cells) {
	if (one.tr) tr.cells[0].replaceWith(one.tr.cells[0]);
	[...tr.cells].slice(1).forEach((cell, index) => (cell.columns = cells[index]));
	Object.assign(one, { tr, drawing });
}

// Neighbours in sight that came out alike on an arch, or on all of several.
function runsIn(row) {
	const found = [];
	for (const [column, own] of stands) {
		const last = found.at(-1);
		const same = last && columns[last[0]].arch === columns[column].arch && equal(last[0], column, [row]);
		if (same) last.push(...own);
		else found.push([...own]);
	}
	const even = found.length > 1 && found.every(([first]) => equal(found[0][0], first, [row]));
	return even ? [found.flat()] : found;
}

// Where a run is: ``x86_64 5.10 … 6.12``; the arch alone when it is all of that in sight.
function label(own) {
	const arches = new Set(own.map((column) => columns[column].arch));
	const { arch } = columns[own[0]];
	const all = [...stands.values()].flat().filter((column) => columns[column].arch === arch);
	const [first, last] = [own[0], own.at(-1)].map((column) => columns[column].kernel);
	const span = first === last ? first : `${first} … ${last}`;
	const text = arches.size > 1 ? "everywhere" : all.length === own.length ? arch : `${arch} ${span}`;
	const small = document.createElement("small");
	small.textContent = text;
	return small.outerHTML;
}

// The cell in the table that shows a column of a row; undefined when none does.
function cellOf({ row, column }) {
	return row.tr?.isConnected ? [...row.tr.cells].find((cell) => cell.columns?.includes(column)) : undefined;
}

// What a cell in the table shows: {row, column, cell}; null for those of a suite's head.
function whereIs(cell) {
	const row = rowOf.get(cell.parentElement.cells[0].id);
	return row && cell.columns ? { row, column: cell.columns[0], cell } : null;
}

// The head stays where it is: what is taken out of the page loses the focus.
function fill(body, [head, ...others]) {
	if (body.firstChild !== head) body.replaceChildren(head);
	while (body.lastChild !== head) body.lastChild.remove();
	body.append(...others);
}

function drawSuite(suite, folded) {
	suite.body.classList.toggle("open", !folded);
	fill(suite.body, draw([suite, ...(folded ? [] : suite.kept)]));
	suite.button?.setAttribute("aria-expanded", String(!folded));
}

const isOpen = (suite) => suite.body.classList.contains("open");
