"use strict";
// Where the reader is and what is shown, all of it in the address's fragment, so that any view can
// be sent to somebody: "#abi.prot-none@6.12/parisc&q=suite%3Aabi&sort=failures&joined=1".

const byId = (id) => document.getElementById(id);

function decoded(part) {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

function readPlace(hash = location.hash) {
	const state = { place: "", q: "", sort: "", joined: null };
	for (const part of hash.slice(1).split("&").map(decoded)) {
		if (part.startsWith("q=")) state.q = part.slice(2);
		else if (part.startsWith("sort=")) state.sort = part.slice(5);
		else if (part.startsWith("joined=")) state.joined = part === "joined=1";
		else state.place ||= part;
	}
	return state;
}

function fragment({ place, q, sort, joined }) {
	const parts = [place];
	if (q) parts.push("q=" + encodeURIComponent(q));
	if (sort) parts.push("sort=" + encodeURIComponent(sort));
	if (joined !== null) parts.push("joined=" + Number(joined));
	return "#" + parts.join("&");
}

function address(state) {
	return location.href.split("#")[0] + fragment(state);
}

async function copy(text, button) {
	const before = button.textContent;
	try {
		await navigator.clipboard.writeText(text);
		button.textContent = "copied";
	} catch {
		button.textContent = "not allowed";
	}
	setTimeout(() => (button.textContent = before), 1200);
}

// The reader's choice of colours is kept where the browser lets a page keep something.
function keptTheme() {
	try {
		return localStorage.getItem("theme") ?? "";
	} catch {
		return "";
	}
}

function setTheme(theme) {
	document.documentElement.dataset.theme = theme;
	try {
		localStorage.setItem("theme", theme);
	} catch {
		// not kept, then
	}
}
