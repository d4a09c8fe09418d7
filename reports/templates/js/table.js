// The table as it is in the page: columns, suites, rows; and which rows and columns a query leaves.

const table = document.querySelector("table.matrix");
const box = byId("grid");
const kernelHeads = [...table.querySelectorAll(".kernels th")];
const releaseHeads = [...table.querySelectorAll(".releases th")];
const archHeads = [...table.querySelectorAll(".arches th[scope=colgroup]")];

const columns = kernelHeads.map((head) => {
	const { target, release } = head.dataset;
	const [kernel, arch] = [target.slice(0, target.lastIndexOf("/")), target.slice(target.lastIndexOf("/") + 1)];
	return { target, release, kernel, arch };
});

const suites = [...table.tBodies].map((body) => ({
	body,
	name: body.id.slice(0, -2),
	tally: body.querySelector(".tally"),
	told: [...body.querySelector(".tally").childNodes],
	rows: [],
	opened: null, // by hand: true, false; null: as it comes
}));

const rows = [];
for (const suite of suites) {
	for (const tr of [...suite.body.rows].slice(1)) {
		const head = tr.cells[0];
		const row = { tr, suite, claim: head.id, index: rows.length };
		suite.rows.push(row);
		rows.push(row);
	}
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

function kindsIn(row) {
	row.kinds ??= [...row.tr.cells].slice(1).map((cell) => kindOf(cell.className));
	return row.kinds;
}

function cellAt(row, column) {
	return row.tr.cells[column + 1];
}

function cellNamed(place) {
	const at = place.lastIndexOf("@");
	const row = rowOf.get(place.slice(0, at));
	const column = columns.findIndex(({ target }) => target === place.slice(at + 1));
	return at > 0 && row && column >= 0 ? { row, column, cell: cellAt(row, column) } : null;
}

function nameOf({ row, column }) {
	return `${row.claim}@${columns[column].target}`;
}

function whereIs(cell) {
	const row = rowOf.get(cell.parentElement.cells[0].id);
	return row && cell.cellIndex > 0 ? { row, column: cell.cellIndex - 1, cell } : null;
}

// One cell against one term.
function cellFits(term, kind, row, column) {
	const marks = () => cellAt(row, column).dataset;
	switch (term.key) {
		case "is":
			return term.fits(kind.is);
		case "got":
			return term.fits([kind.look, marks().got ?? kind.verdict]);
		case "want":
			return term.fits(marks().want ?? marks().got ?? kind.verdict);
		case "was":
			return "was" in marks() && term.fits(marks().was);
		default: // new
			return "was" in marks() && term.fits([kind.look, marks().got ?? kind.verdict]);
	}
}

function differs(row, chosen) {
	return new Set(chosen.map((column) => kindsIn(row)[column].key)).size > 1;
}

// Whether the architectures do not agree about some kernel.
function disagrees(row, chosen) {
	const seen = new Map();
	return chosen.some((column) => {
		const { kernel } = columns[column];
		const { key } = kindsIn(row)[column];
		if (!seen.has(kernel)) seen.set(kernel, key);
		return seen.get(kernel) !== key;
	});
}

const WHOLE = { differs, disagrees };

function rowFits(row, terms, chosen) {
	const said = { suite: row.suite.name, claim: row.claim };
	for (const term of terms.ofRow) {
		const value = term.key === "word" ? wordsOf(row) : said[term.key];
		if (term.fits(value) === term.not) return false;
	}
	for (const term of terms.ofWhole)
		if (WHOLE[term.text](row, chosen) === term.not) return false;
	if (!terms.ofCell.length) return true;
	const seen = kindsIn(row);
	return chosen.some((column) =>
		terms.ofCell.every((term) => cellFits(term, seen[column], row, column) !== term.not),
	);
}

function wordsOf(row) {
	row.words ??= `${row.claim} ${row.tr.cells[0].textContent}`.toLowerCase();
	return row.words;
}

// {rows, columns} that are left, by number.
function select(terms) {
	const whole = (term) => term.key === "is" && OF_WHOLE_ROWS.includes(term.text);
	const sorted = {
		ofRow: terms.filter((term) => OF_ROWS.includes(term.key)),
		ofWhole: terms.filter(whole),
		ofCell: terms.filter((term) => OF_CELLS.includes(term.key) && !whole(term)),
	};
	const ofColumns = terms.filter((term) => OF_COLUMNS.includes(term.key));
	const chosen = [...columns.keys()].filter((at) =>
		ofColumns.every(
			({ key, fits, not }) => fits(key === "kernel" ? columns[at] : columns[at][key]) !== not,
		),
	);
	return { rows: rows.filter((row) => rowFits(row, sorted, chosen)), columns: chosen };
}
