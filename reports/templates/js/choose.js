// Which rows and columns a query leaves, and in which order.

// One cell against one term.
function cellFits(term, kind, row, column) {
	const marks = () => marksOf(row, column);
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

// About how many kernels the architectures do not agree.
function disagreements(row, chosen) {
	const seen = new Map();
	const odd = new Set();
	for (const column of chosen) {
		const { kernel } = columns[column];
		const { key } = kindsIn(row)[column];
		if (!seen.has(kernel)) seen.set(kernel, key);
		else if (seen.get(kernel) !== key) odd.add(kernel);
	}
	return odd.size;
}

const WHOLE = { differs, disagrees: (row, chosen) => disagreements(row, chosen) > 0 };

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

const having = (fits) => (row, chosen) => chosen.filter((column) => fits(kindsIn(row)[column], row, column)).length;

// What rows may be sorted by, most first.
const SORTS = {
	surprises: having(({ is }) => is.includes("surprise")),
	failures: having(({ look }) => BROKEN.includes(look)),
	changes: having((_, row, column) => "was" in marksOf(row, column)),
	disagreement: disagreements,
	duration: (row) => Number(attribute(row.line.head, "data-ms")), // where it took longest
};

// Rows, most first, as they are written where there is nothing to choose; and how much that is of all.
function sorted(some, by, chosen) {
	if (!Object.hasOwn(SORTS, by)) return { rows: some, weight: 0 };
	const weights = new Map(some.map((row) => [row, SORTS[by](row, chosen)]));
	const weight = [...weights.values()].reduce((sum, one) => sum + one, 0);
	return { rows: some.toSorted((one, other) => weights.get(other) - weights.get(one)), weight };
}
