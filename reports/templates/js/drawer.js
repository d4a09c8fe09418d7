// One cell in full.

const drawer = byId("drawer");

function make(tag, text, parent, className) {
	const element = document.createElement(tag);
	element.textContent = text;
	if (className) element.className = className;
	parent?.append(element);
	return element;
}

function link(text, place, parent) {
	make("a", text, parent).href = fragment({ ...readPlace(), place });
}

// A line of the list; the body is made by a function, or is text.
function tell(list, label, body) {
	if (!body) return;
	const pair = make("div", "", list);
	make("dt", label, pair);
	const value = make("dd", "", pair);
	if (typeof body === "function") body(value);
	else value.textContent = body;
}

function tile(look, word, surprise) {
	return make("span", word, null, `tile ${look}${surprise ? " surprise" : ""}`);
}

function tellReason(value, { why, at }) {
	for (const [text, href] of why) {
		if (!href) value.append(text);
		else Object.assign(make("a", text, value), { href, rel: "noreferrer" });
	}
	if (at) make("p", at, value, "place");
}

function tellNote(value, note, errnos) {
	value.append(note);
	const named = Object.keys(errnos).filter((name) => new RegExp(`\\b${name}\\b`).test(note));
	for (const name of named) make("p", `${name}: ${errnos[name]}`, value);
}

function tellSplat(value, { title, fingerprint, excerpt, expected }, own, sharing) {
	make("b", title, value);
	make("p", expected ? "A rule allows it." : "No rule allows it.", value);
	make("p", `fingerprint: ${fingerprint}`, value);
	const others = [...sharing.get(fingerprint)].filter((name) => name !== own);
	if (others.length) {
		const line = make("p", `${others.length} more with the same: `, value);
		others.slice(0, 12).forEach((name) => (link(name, name, line), line.append(" ")));
	}
	folded(value, "log", excerpt, others.length === 0);
}

function folded(parent, title, text, open) {
	const more = make("details", "", parent);
	more.open = open;
	make("summary", title, more);
	make("pre", text, more).tabIndex = 0;
}

// Lines of C with their numbers; the one that decided stands out.
function tellSource(value, { file, first, text }, at) {
	make("p", at ? `guest-tests/${file}:${at}` : `guest-tests/${file}:${first}`, value, "place");
	const pre = make("pre", "", value);
	pre.tabIndex = 0;
	text.split("\n").forEach((line, index) => {
		const whole = make("span", "", pre, first + index === at ? "at" : "");
		make("span", String(first + index).padStart(4) + "  ", whole, "number");
		whole.append(line);
		pre.append("\n");
	});
}

function tellCommand(value, command) {
	const line = make("div", "", value, "command");
	make("code", command, line);
	const button = make("button", "copy", line);
	button.setAttribute("aria-label", `Copy: ${command}`);
	button.addEventListener("click", () => copy(command, button));
}

// The same claim on the other kernels and architectures: one small field for each.
function tellRow(value, { row, column }) {
	for (const [at, kind] of kindsIn(row).entries()) {
		if (at && columns[at].arch === columns[column].arch && columns[at - 1].arch !== columns[at].arch) value.append(" ");
		if (columns[at].arch !== columns[column].arch) continue;
		const name = nameOf({ row, column: at });
		const field = make("a", "", value);
		field.href = fragment({ ...readPlace(), place: name });
		field.title = `${columns[at].target}: ${kind.look}`;
		field.append(tile(kind.look, columns[at].kernel, at === column));
	}
}

// The same claim on the same target in the runs before, and in this one: when it was otherwise.
function tellNights(value, cell, { past, at }, data) {
	const { key } = kindsIn(cell.row)[cell.column];
	const now = { run: data.run, started: data.started, release: at.release, word: bare(key) };
	const told = data.nights.map(({ run, started, releases }, night) => ({ run, started, release: releases[at.target], word: past[night] }));
	const strip = make("div", "", value, "strip");
	for (const one of [...told, now]) strip.append(nightField(one, one === now));
	make("p", turn([...told.filter(({ word }) => word), now]), value);
}

const BESIDE = ["splat", "edge"]; // what a class says besides how a cell looks
const bare = (key) => key.split(" ").filter((name) => !BESIDE.includes(name)).join(" ").replace(" surprise", "!");
const whenAndWhere = ({ run, started, release }) => `${started.slice(0, 10)}, ${release || "no kernel"}, run ${run}`;

function nightField(night, last) {
	const word = night.word || "not tried";
	const look = night.word.replace("!", "") || "untried";
	const field = make("span", "", null, `dot ${look}${night.word.endsWith("!") ? " surprise" : ""}${last ? " last" : ""}`);
	make("span", word, field, "word");
	field.title = `${word}: ${whenAndWhere(night)}`;
	return field;
}

// In words what the strip shows: since when it is as it is.
function turn(nights) {
	const { word } = nights.at(-1);
	const at = nights.findLastIndex((one) => one.word !== word);
	if (nights.length === 1) return "In none of the runs before was it tried here.";
	if (at < 0) return `So in all ${nights.length} runs since ${nights[0].started.slice(0, 10)}.`;
	return `${nights[at].word} last on ${whenAndWhere(nights[at])}; ${word} since ${whenAndWhere(nights[at + 1])}.`;
}

function tellCell(list, cell, known, data) {
	const { look, is } = kindsIn(cell.row)[cell.column];
	const surprise = is.includes("surprise");
	tell(list, "got", (value) => {
		value.append(tile(look, look === known.got ? known.got : `${look}: ${known.got}`, surprise));
		make("p", data.meanings[look], value);
	});
	tell(list, "wanted", (value) => {
		value.append(tile(known.want, known.want));
		if (surprise) make("p", "Not what was seen, or not every time: a surprise.", value);
	});
	const { was } = marksOf(cell.row, cell.column);
	tell(list, "was", was && `${was} in the run before`);
	tell(list, "why", known.rule.why.length > 0 && ((value) => tellReason(value, known.rule)));
	tell(list, "note", known.note && ((value) => tellNote(value, known.note, data.errnos)));
	tell(list, "tried", known.tried);
	tell(list, "measured", known.measured);
	for (const { boot, got, note } of known.attempts) tell(list, `boot ${boot}`, note ? `${got}: ${note}` : got);
	for (const splat of known.splats) tell(list, "splat", (value) => tellSplat(value, splat, nameOf(cell), data.sharing));
	tell(list, "on", columns.length > 1 && ((value) => (value.className = "row", tellRow(value, cell))));
	tell(list, "nights", data.nights.length > 0 && ((value) => tellNights(value, cell, known, data)));
	const [decided, line] = known.decided ?? [];
	tell(list, "decided", line && ((value) => tellSource(value, data.sources[decided], line)));
	if (!line || data.sources[decided] !== known.source)
		tell(list, "claim", known.source ? (value) => tellSource(value, known.source) : known.place);
	for (const [boot, lines] of known.said) {
		const took = boot === known.boot && known.ms !== undefined ? `, ${known.ms} ms` : "";
		tell(list, "said", (value) => folded(value, `boot ${boot}${took}`, lines, true));
	}
}

const BROKEN = ["fail", "timeout", "panic", "known"];

// What `lab bisect` is to look for between two kernels that differ; null: nothing that it could.
function change(before, after) {
	if (before === "pass" && BROKEN.includes(after)) return "";
	if (BROKEN.includes(before) && after === "pass") return " --find-fix";
	return before === "absent" && after === "pass" ? " --first-support" : null;
}

// The nearest change before the cell, and the nearest behind it, on its arch.
function bisects({ row, column }, claim, data) {
	const { arch } = columns[column];
	const looks = kindsIn(row).map((kind) => kind.look);
	const own = [...columns.keys()].filter((at) => columns[at].arch === arch);
	const before = own.filter((at) => at < column && looks[at] !== looks[column]).at(-1);
	const after = own.find((at) => at > column && looks[at] !== looks[column]);
	return [[before, before + 1], [after - 1, after]]
		.filter(([old, late]) => old >= 0 && late >= 0)
		.filter(([old, late]) => change(looks[old], looks[late]) !== null)
		.map(([old, late]) => {
			const [from, to] = [data.columns[old].release, data.columns[late].release];
			return `lab bisect ${claim} --arch ${arch} --old ${from} --new ${to}${change(looks[old], looks[late])}`;
		});
}

// What earlier bisects found, each with its own page.
function tellBisects(list, cell, known) {
	for (const { said, page } of known.bisects.filter(({ arch }) => arch === columns[cell.column].arch))
		tell(list, "bisect", (value) => {
			for (const sentence of said) make("p", sentence, value);
			Object.assign(make("a", "what was looked at", value), { href: page });
		});
}

function tellRun(list, cell, known, data) {
	const name = nameOf(cell);
	const { target } = known.at;
	const run = data.run;
	tell(list, "do", (value) => {
		tellCommand(value, `lab repro ${name}`);
		tellCommand(value, `lab shell ${target}`);
		for (const command of bisects(cell, known.claim, data)) tellCommand(value, command);
		tellCommand(value, `lab show ${name} --run ${run}`);
	});
	tell(list, "kernel", (value) => {
		value.append([known.at.release, known.at.version].filter(Boolean).join(", "));
		make("p", known.at.origin, value);
	});
	tell(list, "QEMU", known.at.argv && ((value) => {
		const more = make("details", "", value);
		make("summary", `${known.at.qemu}, its command line`, more);
		tellCommand(more, known.at.argv);
	}));
	tell(list, "hashes", (value) => {
		const more = make("details", "", value);
		make("summary", "of all that went in", more);
		for (const [what, digest] of Object.entries(known.at.hashes)) make("p", `${what}: ${digest}`, more, "place");
	});
}

async function openDrawer(cell) {
	const data = await details();
	if (readPlace().place !== nameOf(cell)) return; // gone elsewhere meanwhile
	const known = about(data, cell);
	drawer.textContent = "";
	const close = make("button", "✕", drawer, "close");
	close.setAttribute("aria-label", "Close");
	close.addEventListener("click", shut);
	make("h2", nameOf(cell), drawer);
	make("p", cell.row.tr.querySelector(".text").textContent, drawer);
	const list = make("dl", "", drawer);
	tellCell(list, cell, known, data);
	tellBisects(list, cell, known);
	tellRun(list, cell, known, data);
	drawer.scrollTop = 0;
	drawer.hidden = false;
	document.body.classList.add("beside");
}

function hideDrawer() {
	drawer.hidden = true;
	document.body.classList.remove("beside");
}

function shut() {
	const found = cellNamed(readPlace().place);
	go({ ...readPlace(), place: "" }, true);
	if (found) cellOf(found)?.focus({ preventScroll: true });
}
