// The table as the page has it: columns, suites, rows. It stands in a <noscript>, all of it, which a
// browser that runs scripts keeps as one text. Of that text rows become elements when they are to be
// seen (draw.js): a large lab has more cells than a browser can lay out while a reader waits.

const box = byId("grid");
const [tableStart, ...bodyTexts] = box.querySelector("noscript").textContent.split("<tbody");
box.innerHTML = tableStart;
const table = box.querySelector("table");
const kernelHeads = [...table.querySelectorAll(".kernels th")];
const releaseHeads = [...table.querySelectorAll(".releases th")];
const archHeads = [...table.querySelectorAll(".arches th[scope=colgroup]")];

const columns = kernelHeads.map((head) => {
	const { target, release } = head.dataset;
	const [kernel, arch] = [target.slice(0, target.lastIndexOf("/")), target.slice(target.lastIndexOf("/") + 1)];
	return { target, release, kernel, arch };
});

// A row as text: its opening with the head, and each cell. No text of a guest's can look like a
// tag: it is escaped.
function lineOf(html) {
	const [head, ...cells] = html.slice(0, html.lastIndexOf("</td>") + 5).split("<td");
	return { head: `<tr${head}`, cells };
}

const PLAIN = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" };
const unescaped = (html) => html.replace(/&(amp|lt|gt|#34|#39);/g, (_, name) => PLAIN[name]);
const textOf = (html) => unescaped(html.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ").trim();
const attribute = (html, name) => unescaped(html.match(` ${name}="([^"]*)"`)?.[1] ?? "");

function readSuite(html) {
	const [start, head, ...lines] = html.split("</tbody>")[0].split("<tr");
	const body = document.createElement("tbody");
	body.id = attribute(start, "id");
	// Whether a reader opened it: true, false; null: it is as it comes. ``kept``: rows to be seen.
	return { body, name: body.id.slice(0, -2), line: lineOf(head), lines, rows: [], kept: [], opened: null };
}

const suites = bodyTexts.map(readSuite);
const rows = [];
for (const suite of suites) {
	for (const html of suite.lines) {
		const line = lineOf(html);
		const row = { suite, line, claim: attribute(line.head, "id"), index: rows.length };
		suite.rows.push(row);
		rows.push(row);
	}
	table.append(suite.body);
}
const rowOf = new Map(rows.map((row) => [row.claim, row]));

// What a class says: read once for each kind of cell, not once for each cell.
const kinds = new Map();
function kindOf(className) {
	if (!kinds.has(className)) {
		const names = className.split(" ").filter((name) => name !== "edge");
		const look = names[0];
		const verdict = look === "infra" ? "missing" : look; // others that differ say so: data-got
		kinds.set(className, { look, verdict, is: names, key: names.join(" ") });
	}
	return kinds.get(className);
}

const CLASS = ' class="'.length; // every cell begins with it
function kindsIn(row) {
	row.kinds ??= row.line.cells.map((html) => kindOf(html.slice(CLASS, html.indexOf('"', CLASS))));
	return row.kinds;
}

// What else a cell says of itself: {got, want, was}, where it is not as its class has it.
function marksOf(row, column) {
	const html = row.line.cells[column];
	if (!html.includes(" data-")) return {};
	return Object.fromEntries([...html.matchAll(/ data-(\w+)="([^"]*)"/g)].map((found) => found.slice(1)));
}

function wordsOf(row) {
	row.words ??= textOf(row.line.head).toLowerCase() + ` ${row.claim}`;
	return row.words;
}

// A cell by its name: {row, column}; null when there is none.
function cellNamed(place) {
	const at = place.lastIndexOf("@");
	const row = rowOf.get(place.slice(0, at));
	const column = columns.findIndex(({ target }) => target === place.slice(at + 1));
	return at > 0 && row && column >= 0 ? { row, column } : null;
}

function nameOf({ row, column }) {
	return `${row.claim}@${columns[column].target}`;
}
