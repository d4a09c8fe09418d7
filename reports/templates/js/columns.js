// Columns that are out of a query, and neighbours that are equal in all rows shown, are put away.
// One sheet of rules does it: with 300 columns, touching every cell would take seconds.

const columnRules = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, columnRules];

// New rules make the browser look at every cell again, so only when there are any.
let rulesSet = "";
function setRules(text) {
	if (text !== rulesSet) columnRules.replaceSync(text);
	rulesSet = text;
}

// For each chosen column that stays: the last one that it stands for.
function joinedColumns(chosen, shown) {
	const stands = new Map();
	let first = null;
	for (const column of chosen) {
		const same = first !== null && columns[first].arch === columns[column].arch && equal(first, column, shown);
		if (!same) first = column;
		stands.set(first, column);
	}
	return stands;
}

function equal(one, other, shown) {
	return shown.every((row) => kindsIn(row)[one].key === kindsIn(row)[other].key);
}

function showColumns(stands) {
	const away = runs([...columns.keys()].filter((column) => !stands.has(column)));
	const from = (place, [first, last]) => `${place} > :nth-child(n+${first}):nth-child(-n+${last})`;
	const body = away.map(([first, last]) => from("tbody > tr", [first + 2, last + 2]));
	const head = away.map(([first, last]) => from("thead > :is(.kernels, .releases)", [first + 1, last + 1]));
	setRules(away.length ? `.matrix :is(${[...body, ...head]}) { display: none }` : "");
	kernelHeads.forEach((cell, column) => joinHead(cell, columns[column].kernel, stands.has(column) && columns[stands.get(column)].kernel));
	showArches(stands);
}

// Numbers that follow each other as [first, last]: a rule for each run is quicker than for each.
function runs(numbers) {
	const found = [];
	for (const number of numbers) {
		if (found.at(-1)?.[1] === number - 1) found.at(-1)[1] = number;
		else found.push([number, number]);
	}
	return found;
}

function joinHead(cell, first, last) {
	if (last && last !== first) cell.dataset.to = last;
	else delete cell.dataset.to;
}

function showArches(stands) {
	const count = new Map();
	for (const column of stands.keys()) {
		const { arch } = columns[column];
		count.set(arch, (count.get(arch) ?? 0) + 1);
	}
	for (const head of archHeads) {
		const number = count.get(head.textContent.trim()) ?? 0;
		head.hidden = !number;
		head.colSpan = number || 1;
	}
}
