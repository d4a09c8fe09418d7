// What is in sight, or would be if all suites were unfolded, as a table for other programs.

const quoted = (values) => values.map((value) => `"${String(value).replaceAll('"', '""')}"`).join(",");

function csv() {
	const lines = [["claim", "target", "release", "look", "got", "want", "surprise"]];
	for (const row of suites.flatMap(({ kept }) => kept)) {
		for (const column of [...stands.values()].flat()) {
			const { look, verdict, is } = kindsIn(row)[column];
			const { got = verdict, want = got } = marksOf(row, column);
			const { target, release } = columns[column];
			lines.push([row.claim, target, release, look, got, want, is.includes("surprise")]);
		}
	}
	return lines.map((values) => quoted(values) + "\r\n").join("");
}

function saveCsv() {
	const anchor = document.createElement("a");
	anchor.download = "matrix.csv";
	anchor.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
	anchor.click();
	URL.revokeObjectURL(anchor.href);
}
