// Which columns are in sight: those that a query leaves, and of neighbours that are equal in all rows
// shown the first, which stands for the others.

let stands = new Map(); // each column in sight, and all those that it stands for

function joinedColumns(chosen, shown) {
	const found = new Map();
	let first = null;
	for (const column of chosen) {
		const same = first !== null && columns[first].arch === columns[column].arch && equal(first, column, shown);
		if (!same) found.set((first = column), []);
		found.get(first).push(column);
	}
	return found;
}

function equal(one, other, shown) {
	return shown.every((row) => kindsIn(row)[one].key === kindsIn(row)[other].key);
}

function setColumns(next) {
	const before = [...stands.keys()].join();
	stands = next;
	if ([...stands.keys()].join() !== before) outdate();
	for (const heads of [kernelHeads, releaseHeads]) heads.forEach((head, column) => (head.hidden = !stands.has(column)));
	kernelHeads.forEach((head, column) => joinHead(head, columns[column].kernel, stands.get(column)));
	showArches();
}

function joinHead(head, first, members = []) {
	if (members.length > 1) head.dataset.to = columns[members.at(-1)].kernel;
	else delete head.dataset.to;
}

function showArches() {
	const shown = [...stands.keys()].map((column) => columns[column].arch);
	for (const head of archHeads) {
		const number = shown.filter((arch) => arch === head.textContent.trim()).length;
		head.hidden = !number;
		head.colSpan = number || 1;
	}
}
