"use strict";
/*
 * Adds a filter, zoom, keys and the ladder to a page that is complete without
 * them. Text of the log is only moved between text nodes, and never parsed.
 */
{
const byId = id => document.getElementById(id);
const make = (name, attributes = {}, ...content) => {
	const element = document.createElement(name);
	for (const key in attributes)
		element.setAttribute(key, attributes[key]);
	element.append(...content);
	return element;
};
const rows = [...document.querySelectorAll("#list details")];
const blocks = [...document.querySelectorAll(".block")];
const overview = byId("overview");
const legend = byId("legend");
const whole = overview && {
	begin: +overview.dataset.begin,
	range: +overview.dataset.range
};
const view = { text: "", outcomes: new Set(), from: -Infinity, to: Infinity };
const texts = new Map();

/*
 * The ladder: one element a line, made when a row is first opened.  Seconds of
 * more than a day are wider than the others.
 */
const lineForm = new RegExp("^(.{9}|\\d{6,}\\.\\d{3}) (.{9}|\\d{6,}\\.\\d{3}) " +
	"(━*) *(?: {8}(?=>)| ?)((?:.|\r)*)$", "s");
const splitLines = pre => {
	const lines = [[]];
	const take = (node, note) => {
		if (node.nodeName == "I") {
			node.childNodes.forEach(child => take(child, true));
		} else if (node.nodeType == Node.TEXT_NODE) {
			node.data.split("\n").forEach((part, i) => {
				if (i)
					lines.push([]);
				if (part) {
					lines.at(-1).push(part);
					lines.at(-1).note = note;
				}
			});
		} else {
			lines.at(-1).push(node.cloneNode(true));
		}
	};
	pre.childNodes.forEach(node => take(node, false));
	return lines.filter(line => line.length);
};
/* A note of a whole message, which stands for what a side has sent. */
const sentForm = /^: ([<>]) \d+ bytes, \d+ lines of message$/;
/* A server that speaks twice has waited for the client in between. */
const makeLine = (answered, line) => {
	const head = typeof line[0] == "string" ? line[0] : "";
	const parts = lineForm.exec(head);
	if (!parts)
		return [make("span", { class: "g" }, make("span", {}, ...line), "\n")];
	const [, at, wait, bar, text] = parts;
	const speaker = line.note ? "n" : text[0] == ">" ? "v" : "c";
	const sender = line.note ? sentForm.exec(text)?.[1] : text[0];
	const seconds = parseFloat(wait);
	const made = [];
	if (seconds >= 5 && sender)
		made.push(make("span", { class: "g", "aria-hidden": "true" },
			make("span", {}, `${seconds.toFixed(1)} s of silence`)));
	const awaited = sender == ">" && !answered.by ? " f" : "";
	answered.by = sender ? sender == ">" : answered.by;
	made.push(make("span", { class: `a ${speaker}${awaited}` },
		make("span", {}, at.trim()), make("span", {}, wait.trim()),
		make("span", {}, ...(bar || seconds ?
			[make("em", { class: `u${bar.length}` })] : [])),
		make("span", { class: "x" }, text, ...line.slice(1)), "\n"));
	return made;
};
const drawLadder = row => {
	const pre = row.querySelector("pre");
	if (!row.open || pre.dataset.drawn)
		return;
	find(row);
	pre.dataset.drawn = "yes";
	const answered = { by: false };
	pre.replaceChildren(...splitLines(pre).flatMap(
		line => makeLine(answered, line)));
};
const find = row => {
	if (!texts.has(row))
		texts.set(row, row.textContent.toLowerCase());
	return texts.get(row);
};

/* The filter. */
const shown = make("span", { id: "shown", role: "status" });
/* The row that a link leads to: undefined for none, null if it is not there. */
const linkedRow = () => {
	if (!/^#s\d+$/.test(location.hash))
		return undefined;
	return byId(location.hash.slice(1))?.closest("details") ?? null;
};
/* Blocks that are out of sight are as high as so many rows. */
const tellShown = () => {
	const count = rows.filter(row => !row.hidden).length;
	shown.textContent = (count == rows.length ? `${count} listed` :
		`${count} of ${rows.length} listed`) +
		(linkedRow() === null ? `, ${location.hash.slice(1)} is not` : "");
	for (const block of blocks)
		block.style.setProperty("--rows", [...block.children]
			.filter(row => !row.hidden).length);
};
const apply = () => {
	const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
	for (const row of rows) {
		const t = +row.dataset.t;
		row.hidden = !((!view.outcomes.size ||
				view.outcomes.has(row.className)) &&
			!(t < view.from || t >= view.to) &&
			words.every(word => find(row).includes(word)));
	}
	tellShown();
	for (const group of document.querySelectorAll("#overview [class]")) {
		const name = ["denied", "bad", "open", "refused", "fine"]
			.find(o => group.classList.contains(o));
		if (name)
			group.style.opacity = !view.outcomes.size ||
				view.outcomes.has(name) ? "" : ".12";
	}
};
const input = make("input", { type: "search", id: "filter",
	placeholder: "Filter: words of any line", "aria-label": "Filter",
	autocomplete: "off", spellcheck: "false" });
let waiting;
input.addEventListener("input", () => {
	clearTimeout(waiting);
	waiting = setTimeout(() => {
		view.text = input.value;
		apply();
	}, rows.length > 500 ? 120 : 0);
});
const toggleOutcome = (button, name) => {
	const on = !view.outcomes.delete(name) && view.outcomes.add(name);
	button.setAttribute("aria-pressed", on ? "true" : "false");
	apply();
};

/* The zoom: a span of time, chosen with a pointer or by keys. */
const whenOf = x => {
	const box = overview.getBoundingClientRect();
	const part = Math.min(1, Math.max(0, (x - box.left) / box.width));
	const span = spanOf();
	return span.from + part * (span.to - span.from);
};
const spanOf = () => view.from == -Infinity ?
	{ from: whole.begin, to: whole.begin + whole.range } : view;
const reset = make("button", { type: "button", hidden: "" }, "All times");
const zoom = (from, to) => {
	if (!whole)
		return;
	const least = whole.range / 2000;
	const full = !(to - from < whole.range * .999);
	view.from = full ? -Infinity : Math.max(from, whole.begin);
	view.to = full ? Infinity : Math.max(to, view.from + least);
	const span = spanOf();
	const part = (span.from - whole.begin) / whole.range;
	const width = (span.to - span.from) / whole.range;
	for (const plot of overview.querySelectorAll(".plot")) {
		plot.dataset.box ||= plot.getAttribute("viewBox");
		const [, , w, h] = plot.dataset.box.split(" ");
		plot.setAttribute("viewBox", `${part * w} 0 ${width * w} ${h}`);
		plot.style.overflow = full ? "" : "hidden";
	}
	for (const mark of overview.querySelectorAll(".t")) {
		const name = mark.nodeName == "text" ? "x" : "x1";
		mark.dataset.x ||= mark.getAttribute(name);
		const x = (parseFloat(mark.dataset.x) / 100 - part) / width;
		for (const each of name == "x" ? ["x"] : ["x1", "x2"])
			mark.setAttribute(each, `${x * 100}%`);
		mark.style.visibility = x < 0 || x > 1 ? "hidden" : "";
	}
	reset.hidden = full;
	apply();
};
const addBrush = () => {
	const ns = "http://www.w3.org/2000/svg";
	const brush = document.createElementNS(ns, "rect");
	let from = null, moved = false;
	brush.id = "brush";
	brush.setAttribute("height", "300");
	overview.classList.add("zooms");
	const draw = x => {
		const left = overview.getBoundingClientRect().left;
		brush.setAttribute("x", Math.min(from, x) - left);
		brush.setAttribute("width", Math.abs(x - from));
	};
	overview.addEventListener("pointerdown", event => {
		if (event.button || event.pointerType == "touch")
			return;
		from = event.clientX;
		moved = false;
	});
	overview.addEventListener("pointermove", event => {
		if (from === null || Math.abs(event.clientX - from) < 4 && !moved)
			return;
		if (!moved)
			overview.setPointerCapture(event.pointerId);
		moved = true;
		overview.append(brush);
		draw(event.clientX);
	});
	overview.addEventListener("pointerup", event => {
		brush.remove();
		if (from !== null && moved)
			zoom(whenOf(Math.min(from, event.clientX)),
				whenOf(Math.max(from, event.clientX)));
		from = null;
	});
	overview.addEventListener("dragstart", event => event.preventDefault());
	overview.addEventListener("click", event => {
		if (moved)
			event.preventDefault();
		else if (event.target.closest("a")?.getAttribute("href") ==
		    location.hash)
			openTarget();
	}, true);
	overview.addEventListener("dblclick", () => zoom(-Infinity, Infinity));
};

/* Rows: deep links, and the row that keys move from. */
const visible = () => rows.filter(row => !row.hidden);
const select = row => {
	if (!row)
		return;
	row.querySelector("summary").focus({ preventScroll: true });
	row.scrollIntoView({ block: "nearest" });
};
const current = () => document.activeElement?.closest?.("#list details");
const step = by => {
	const list = visible();
	const at = list.indexOf(current());
	select(list[at < 0 ? (by > 0 ? 0 : list.length - 1) :
		Math.min(list.length - 1, Math.max(0, at + by))]);
};
const openTarget = () => {
	const row = linkedRow();
	if (row)
		row.hidden = false;
	tellShown();
	if (!row)
		return;
	row.open = true;
	row.querySelector("summary").focus({ preventScroll: true });
	row.scrollIntoView({ block: "start" });
};
const zoomBy = factor => {
	const span = spanOf();
	const half = (span.to - span.from) * factor / 2;
	const middle = +current()?.dataset.t || (span.from + span.to) / 2;
	zoom(middle - half, middle + half);
};
const clear = () => {
	input.value = view.text = "";
	view.outcomes.clear();
	for (const button of legend.querySelectorAll("button"))
		button.setAttribute("aria-pressed", "false");
	zoom(-Infinity, Infinity);
	apply();
	if (document.activeElement == input)
		input.blur();
};
const keys = {
	"/": () => { input.focus(); input.select(); },
	j: () => step(1),
	k: () => step(-1),
	o: () => { const row = current(); if (row) row.open = !row.open; },
	"+": () => whole && zoomBy(.5),
	"-": () => whole && zoomBy(2),
	0: () => zoom(-Infinity, Infinity),
	Escape: clear
};
document.addEventListener("keydown", event => {
	if (event.ctrlKey || event.altKey || event.metaKey ||
	    (event.target == input && event.key != "Escape"))
		return;
	if (!Object.hasOwn(keys, event.key))
		return;
	event.preventDefault();
	keys[event.key]();
});

if (rows.length) {
	const tools = make("div", { id: "tools", role: "search" }, input);
	legend.before(tools);
	tools.append(legend, reset, shown);
	for (const item of legend.children) {
		const name = item.className;
		const button = make("button", { type: "button",
			"aria-pressed": "false" }, item.textContent);
		button.addEventListener("click", () => toggleOutcome(button, name));
		item.replaceChildren(button);
	}
	reset.addEventListener("click", () => zoom(-Infinity, Infinity));
	byId("list").addEventListener("toggle", event => {
		drawLadder(event.target);
		if (event.target.open && event.isTrusted)
			history.replaceState(null, "",
				`#${event.target.querySelector("pre").id}`);
	}, true);
	if (overview)
		addBrush();
	document.querySelector("footer").append(make("p", { id: "keys" },
		make("kbd", {}, "/"), " filter, ", make("kbd", {}, "j"), " ",
		make("kbd", {}, "k"), " next and previous, ",
		make("kbd", {}, "o"), " open, ", make("kbd", {}, "+"), " ",
		make("kbd", {}, "-"), " ", make("kbd", {}, "0"), " zoom, ",
		make("kbd", {}, "Esc"), " all.",
		overview ? " Drag over the picture to zoom." : ""));
	addEventListener("hashchange", openTarget);
	/* A browser that goes to the target itself takes the focus away. */
	addEventListener("load", () => setTimeout(openTarget));
	for (const row of rows)
		if (row.open)
			drawLadder(row);
	apply();
	openTarget();
}
}
