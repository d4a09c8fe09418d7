// What is known about each cell beyond the table: packed in the page, unpacked when first asked for.

let unpacked = null;

async function unpack() {
	const bytes = Uint8Array.from(atob(byId("details").textContent), (letter) => letter.charCodeAt(0));
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
	const data = await new Response(stream).json();
	data.sharing = sharing(data);
	return data;
}

function details() {
	unpacked ??= unpack();
	return unpacked;
}

// Which cells have a splat with the same fingerprint.
function sharing(data) {
	const found = new Map();
	for (const { claim, cells } of data.rows) {
		cells.forEach((cell, column) => {
			for (const { fingerprint } of cell.splats ?? []) {
				if (!found.has(fingerprint)) found.set(fingerprint, new Set());
				found.get(fingerprint).add(`${claim}@${data.columns[column].target}`);
			}
		});
	}
	return found;
}

// All about one cell; what the data leaves out is as usual.
function about(data, { row, column }) {
	const { claim, place, source, cells, bisects = [] } = data.rows[row.index];
	const cell = { got: "pass", want: "pass", boot: 1, said: [], splats: [], attempts: [], ...cells[column] };
	const past = data.pasts[cell.past ?? 0] ?? [];
	return { claim, place, bisects, source: data.sources[source], ...cell, past, rule: data.rules[cell.rule ?? 0], at: data.columns[column] };
}
