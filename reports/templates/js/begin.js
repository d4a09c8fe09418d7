// Brings the parts together. Without all this the page lacks comfort, but no fact.

const help = byId("help");

function light(event) {
	const cell = event.target.closest?.("tbody td");
	for (const old of table.tHead.querySelectorAll(".lit")) old.classList.remove("lit");
	const found = cell && whereIs(cell);
	if (!found) return;
	for (const heads of [kernelHeads, releaseHeads]) heads[found.column].classList.add("lit");
	enlink(cell);
}

// The page's own age: its bytes hold no clock.
function tellAge() {
	const started = byId("started");
	const days = Math.floor((Date.now() - Date.parse(started.dateTime)) / 86400000);
	if (!(days >= 2)) return;
	make("span", ` (${days} days ago)`, started, days > 7 ? "stale" : "");
}

// A suite's head, whose name folds and unfolds it.
function equip(suite) {
	drawSuite(suite, true);
	const head = suite.tr.cells[0];
	const name = head.querySelector(".name");
	suite.tally = head.querySelector(".tally");
	suite.told = [...suite.tally.childNodes];
	suite.button = make("button", name.textContent);
	suite.button.type = "button";
	name.replaceChildren(suite.button);
	head.addEventListener("click", () => {
		suite.opened = !isOpen(suite);
		fold(suite, !suite.opened);
	});
}

byId("fold").addEventListener("click", (event) => {
	const open = event.target.getAttribute("aria-pressed") !== "true";
	event.target.setAttribute("aria-pressed", String(open));
	event.target.textContent = open ? "Fold all" : "Unfold all";
	for (const suite of suites) fold(suite, !(suite.opened = open));
});
byId("copy-link").addEventListener("click", (event) => copy(address(readPlace()), event.target));
byId("csv").addEventListener("click", saveCsv);
byId("ask").addEventListener("click", () => help.showModal());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
	const state = readPlace();
	for (const suite of suites) suite.opened = null;
	if (target.dataset.term) state.q = withTerm(state.q, target.dataset.term, target.checked);
	else if (target === form.joined) state.joined = target.checked;
	else if (target === form.sort) state.sort = form.sort.value;
	else state.q = form.q.value.trim();
	if (target !== form.q) form.q.value = state.q;
	go({ ...state, place: "" }, true);
});
const theme = byId("theme").querySelector("select");
theme.value = keptTheme();
setTheme(theme.value);
theme.addEventListener("input", () => setTheme(theme.value));
byId("theme").hidden = false;
document.addEventListener("click", onClick);
document.addEventListener("keydown", onPageKey);
table.addEventListener("keydown", onGridKey);
table.addEventListener("pointerover", light);
table.addEventListener("focusin", light);
addEventListener("popstate", jump);
addEventListener("hashchange", jump);

// A box that scrolls in both directions is only for windows too narrow for the table.
const fit = () => box.classList.toggle("fits", table.offsetWidth <= box.clientWidth);
new ResizeObserver(fit).observe(box);
narrow.addEventListener("change", () => {
	outdate();
	for (const suite of suites) drawSuite(suite, !isOpen(suite));
	show(readPlace());
});
form.hidden = false;
suites.forEach(equip);
jump();
fit();
tellAge();
