// The query language: `suite:guard arch:parisc kernel:>=6.1 got:fail -is:known words`.
// All terms must fit. "-" turns a term round, a comma gives a choice, * stands for anything.

const OF_COLUMNS = ["arch", "kernel", "target"];
const OF_ROWS = ["suite", "claim", "word"];
const OF_CELLS = ["got", "want", "new", "was", "is"];
const OF_WHOLE_ROWS = ["differs", "disagrees"]; // what "is:" may say of a row
const IS = ["surprise", "known", "flaky", "splat", "infra", ...OF_WHOLE_ROWS];

function pattern(text) {
	const escaped = text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
	return new RegExp(`^${escaped}$`, "i");
}

// [{key, not, text, fits(value)}], and what is wrong with the query in words.
function parseQuery(text) {
	const terms = [];
	const wrong = [];
	for (const word of text.split(/\s+/).filter(Boolean)) {
		const [, minus, key = "word", value] = /^(-?)(?:([a-z]+):)?(.*)$/i.exec(word);
		const known = [...OF_COLUMNS, ...OF_ROWS, ...OF_CELLS];
		if (!known.includes(key)) wrong.push(`There is no “${key}:”; there are ${known.join(", ")}.`);
		else if (key === "is" && value && !value.split(",").every((one) => IS.includes(one)))
			wrong.push(`“is:” takes ${IS.join(", ")}.`);
		else if (value) terms.push({ key, not: minus === "-", text: value, fits: test(key, value) });
	}
	return { terms, wrong: wrong.join(" ") };
}

function test(key, value) {
	if (key === "word") return (text) => text.includes(value.toLowerCase());
	const choices = value.split(",").filter(Boolean);
	const tests = choices.map((one) => (key === "kernel" && compares(one)) || matches(key, one));
	return (seen) => tests.some((fits) => fits(seen));
}

function matches(key, one) {
	const fits = pattern(one);
	if (key !== "kernel") return (seen) => [].concat(seen).some((text) => fits.test(text));
	const series = pattern(one + ".*");
	return ({ kernel, release }) => [kernel, release].some((t) => fits.test(t) || series.test(t));
}

// A release against another: -1, 0, 1. A candidate comes before what it leads to.
function compareReleases(one, other) {
	const numbers = (text) => {
		const [, release, candidate] = /^([\d.]+)(?:-rc(\d+))?/.exec(text) ?? [];
		const [major = 0, minor = 0, patch = 0] = (release ?? "").split(".").map(Number);
		return [major, minor, patch, candidate ? Number(candidate) : Infinity];
	};
	const [a, b] = [numbers(one), numbers(other)];
	const at = a.findIndex((number, index) => number !== b[index]);
	return at < 0 ? 0 : a[at] < b[at] ? -1 : 1;
}

function compares(text) {
	const [, sign, release] = /^(>=|<=|>|<)(\d.*)$/.exec(text) ?? [];
	if (!sign) return null;
	return ({ release: seen }) => {
		if (!seen) return false;
		const order = compareReleases(seen, release);
		return order === 0 ? sign.endsWith("=") : sign.startsWith(order < 0 ? "<" : ">");
	};
}

// The query with one term put in or taken out: what the checkboxes do.
function withTerm(q, term, there) {
	const others = q.split(/\s+/).filter((word) => word && word !== term);
	return [...others, ...(there ? [term] : [])].join(" ");
}
