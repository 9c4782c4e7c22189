/*
 * Looks at pages of rlogsess -o html in Chromium and Firefox. Prints "0 WHAT" for
 * each check that holds and "1 WHAT" for each that fails, with lines "# ..." about
 * it.
 * usage: page-checks.js DIRECTORY
 * The directory has page.html of the log of make-log 300, its sessions as
 * sessions.json and their lines as lines.txt, small.html of some sessions,
 * hostile.html, messages.html, and week.html of a message that took six days.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const firefox = require("./firefox.js");

const dir = path.resolve(process.argv[2]);
const read = name => fs.readFileSync(path.join(dir, name), "utf8");
const url = name => `file://${dir}/${name}`;
const findings = [];

const is = (what, got, want) => {
	const fits = JSON.stringify(got) === JSON.stringify(want);
	console.log(`${fits ? 0 : 1} ${what}`);
	if (!fits)
		console.log(`# got:  ${JSON.stringify(got)?.slice(0, 600)}\n` +
			`# want: ${JSON.stringify(want)?.slice(0, 600)}`);
};
const sessions = read("sessions.json").trim().split("\n").map(JSON.parse);
const has = word => sessions.filter(session =>
	session.lines.some(line => line.includes(word))).length;
const of = outcome => sessions.filter(session =>
	session.outcome == outcome).length;
const target = sessions.find(session => session.outcome == "refused").session;

/* Functions that pages evaluate. */
const visible = `document.querySelectorAll("#list details:not([hidden])").length`;
const openAll = `(async () => {
	const rows = [...document.querySelectorAll("#list details")];
	rows.forEach(row => row.open = true);
	while (rows.some(row => !row.querySelector("pre").dataset.drawn))
		await new Promise(resolve => setTimeout(resolve, 10));
	return rows.map(row => [...row.querySelectorAll(".x")].map(line =>
		line.textContent + "\\n").join("")).sort().join("\\n");
})()`;
const isOpen = `(() => {
	const row = document.querySelector("#s${target}").closest("details");
	const box = row.querySelector("summary").getBoundingClientRect();
	return row.open && box.top >= 0 && box.bottom <= innerHeight &&
		row.contains(document.activeElement);
})()`;
const axe = require.resolve("axe-core/axe.min.js");
const runAxe = `(async () => {
	[...document.querySelectorAll("details")].slice(0, 5)
		.forEach(row => row.open = true);
	const { violations, passes } = await axe.run();
	return [...violations.map(({ id, nodes }) =>
		id + " " + nodes[0].html.slice(0, 120)),
		...passes.length < 10 ? ["few rules apply"] : []].join("\\n");
})()`;
const paper = "getComputedStyle(document.body).backgroundColor";
const wantedLines = read("lines.txt").split(/^= .*\n/m).slice(1)
	.sort().join("\n");

const watch = page => {
	page.on("console", message => findings.push(`console ${message.text()}`));
	page.on("pageerror", error => findings.push(`error ${error.message}`));
	page.on("dialog", dialog => {
		findings.push(`dialog ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on("request", request => request.url().startsWith("file://") ||
		findings.push(`request ${request.url()}`));
	return page;
};
const newPage = async (browser, name, options = {}) => {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 900 }, ...options });
	const page = watch(await context.newPage());
	await page.goto(url(name));
	return page;
};
const violations = async (browser, name, options) => {
	const page = await newPage(browser, name, { ...options, bypassCSP: true });
	await page.addScriptTag({ path: axe });
	const found = await page.evaluate(runAxe);
	await page.context().close();
	return found;
};

const checkFilter = async page => {
	await page.keyboard.press("/");
	await page.keyboard.type("Greylisted");
	await page.waitForFunction(`${visible} == ${has("greylisted")}`,
		null, { timeout: 60000 }).catch(() => 0);
	is("a filter shows the sessions with a word, in letters of any case",
		await page.evaluate(visible), has("greylisted"));
	await page.keyboard.press("Escape");
	is("Escape shows all", await page.evaluate(visible), sessions.length);
	await page.click("#legend .bad button");
	is("an outcome is a filter", await page.evaluate(visible), of("bad"));
	await page.click("#legend .refused button");
	is("several outcomes are, too", await page.evaluate(visible),
		of("bad") + of("refused"));
	is("the number of rows is told", await page.textContent("#shown"),
		`${of("bad") + of("refused")} of ${sessions.length} listed`);
	await page.keyboard.press("Escape");
};
/* The list is as high with blocks that are not laid out as with them. */
const checkBlocks = async (page, where) => {
	const height = `document.querySelector("#list").getBoundingClientRect().height`;
	const check = async what => {
		const before = await page.evaluate(height);
		const after = await page.evaluate(`(() => {
			const blocks = [...document.querySelectorAll(".block")];
			const set = value => blocks.forEach(block =>
				block.style.contentVisibility = value);
			set("visible");
			const all = ${height};
			set("");
			return all;
		})()`);
		is(`${where}: blocks out of sight are as high as ${what}`,
			Math.abs(before - after) < after / 20 ||
			`${before} of ${after}`, true);
	};
	await check("their rows");
	await page.click("#legend .refused button");
	await check("rows that a filter shows");
	await page.keyboard.press("Escape");
};
/* A session that a filter hides, and a number that no session has. */
const checkHidden = async page => {
	const fine = sessions.find(session => session.outcome == "fine").session;
	const isThere = `(() => {
		const row = document.querySelector("#s${fine}").closest("details");
		return row.open && row.getBoundingClientRect().height > 0;
	})()`;
	const filter = async () => {
		await page.keyboard.press("Escape");
		await page.click("#legend .bad button");
	};

	await filter();
	is("a filter hides a session", await page.evaluate(isThere), false);
	await page.evaluate(`location.hash = "#s${fine}"`);
	await page.waitForFunction(isThere, null, { timeout: 60000 })
		.catch(() => 0);
	is("a deep link shows it all the same", await page.evaluate(isThere), true);
	is("it is counted with those of the filter",
		await page.textContent("#shown"),
		`${of("bad") + 1} of ${sessions.length} listed`);
	await filter();
	await page.click(`a[href="#s${fine}"] path`, { force: true });
	is("the same link shows it again", await page.evaluate(isThere), true);
	await page.evaluate(`location.hash = "#s98765"`);
	await page.waitForFunction(`(/98765/).test(
		document.querySelector("#shown").textContent)`, null,
		{ timeout: 60000 }).catch(() => 0);
	await page.keyboard.press("Escape");
	is("a link to a session that is not listed: the page says so",
		await page.textContent("#shown"),
		`${sessions.length} listed, s98765 is not`);
	await page.evaluate(`document.querySelector("#s${fine}")
		.closest("details").open = false, scrollTo(0, 0)`);
};
const checkKeys = async page => {
	const at = () => page.evaluate(`[...document.querySelectorAll("details")]
		.indexOf(document.activeElement.closest("details"))`);
	for (const key of ["j", "j", "j", "k"])
		await page.keyboard.press(key);
	is("j and k move from row to row", await at(), 1);
	await page.keyboard.press("o");
	is("o opens a row", await page.evaluate(
		`document.querySelectorAll("details")[1].open`), true);
	await page.keyboard.press("Enter");
	is("Enter closes it", await page.evaluate(
		`document.querySelectorAll("details")[1].open`), false);
};
const checkZoom = async page => {
	const box = await page.locator("#overview").boundingBox();
	const count = `[...document.querySelectorAll("#list details")].filter(
		row => !row.hidden).map(row => +row.dataset.t)`;
	await page.mouse.move(box.x + box.width * .25, box.y + 20);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * .4, box.y + 30);
	await page.mouse.move(box.x + box.width * .5, box.y + 40);
	await page.mouse.up();
	const { begin, range } = await page.evaluate(
		`({ ...document.querySelector("#overview").dataset })`);
	const times = await page.evaluate(count);
	const first = +begin + range * .25, last = +begin + range * .5;
	const want = (await page.evaluate(`[...document.querySelectorAll(
		"#list details")].map(row => +row.dataset.t)`))
		.filter(t => t >= first && t < last);
	/* The ends of the drag are on whole pixels. */
	is("a drag over the picture shows the sessions of that time",
		Math.abs(times.length - want.length) <= 4 && times.length > 20 &&
		times.every(t => t > first - range / 500 && t < last + range / 500),
		true);
	const overflow = `getComputedStyle(
		document.querySelector(".plot")).overflow`;
	is("zoomed: nothing is drawn outside of the picture",
		await page.evaluate(overflow), "hidden");
	await page.keyboard.press("0");
	is("not zoomed: dots at the edges are whole",
		await page.evaluate(overflow), "visible");
	is("0 shows all times", await page.evaluate(visible), sessions.length);
	await page.keyboard.press("+");
	is("+ shows fewer", await page.evaluate(visible) < sessions.length, true);
	await page.keyboard.press("Escape");
};
/* How many messages were answered after a wait for the server. */
const acceptedByServer = `[...document.querySelectorAll(".a.v.f .x")]
	.filter(line => / 250 ok \\d+ qp /.test(line.textContent)).length`;
/* How the lines of the first session that timed out look. */
const timedOut = `(() => {
	const row = [...document.querySelectorAll("#list details")]
		.find(row => row.textContent.includes("451 timeout"));
	const left = name => row.querySelector("." + name + " .x")
		.getBoundingClientRect().left;
	return {
		indented: left("v") > left("c") + 10,
		notes: [...new Set([...row.querySelectorAll(".n .x")].map(line =>
			getComputedStyle(line).fontStyle))],
		gaps: [...row.querySelectorAll(".g")].map(gap =>
			gap.textContent).filter(text => text.startsWith("30."))
	};
})()`;
const checkChromium = async browser => {
	let page = await newPage(browser, "page.html");

	is("Chromium: each session is a row", await page.evaluate(visible),
		sessions.length);
	await checkBlocks(page, "wide");
	await checkFilter(page);
	await checkHidden(page);
	await checkKeys(page);
	await checkZoom(page);
	await page.click(`a[href="#s${target}"] path`, { force: true });
	is("a dot opens its session", await page.evaluate(isOpen), true);
	const light = await page.evaluate(paper);
	fs.writeFileSync(path.join(dir, "page.pdf"), await page.pdf());
	await page.emulateMedia({ colorScheme: "dark" });
	is("dark differs from light", light != await page.evaluate(paper), true);
	is("the ladders have the lines of text",
		await page.evaluate(openAll), wantedLines);
	is("the server is indented, notes are in italics, silence is told",
		await page.evaluate(timedOut), { indented: true,
			notes: ["italic"], gaps: ["30.0 s of silence"] });
	is("the wait for the answer to a message has the colour of the server",
		await page.evaluate(acceptedByServer), of("fine"));
	await page.context().close();
	page = await newPage(browser, `page.html#s${target}`);
	await page.waitForFunction(isOpen, null, { timeout: 60000 })
		.catch(() => 0);
	is("a deep link opens its session", await page.evaluate(isOpen), true);
	await page.context().close();
	page = await newPage(browser, `page.html#s${target}`,
		{ javaScriptEnabled: false });
	is("without script it does so, too",
		await page.locator(`#s${target}`).isVisible(), true);
	is("without script nothing is there that needs one",
		await page.locator("button, input").count(), 0);
	await page.context().close();
	page = await newPage(browser, "page.html",
		{ viewport: { width: 360, height: 780 } });
	is("on a phone the cells of a row are apart", await page.evaluate(() => {
		const boxes = [...document.querySelectorAll("summary")].flatMap(row => {
			const cells = [...row.children].map(cell =>
				cell.getBoundingClientRect());
			return cells.flatMap((a, i) => cells.slice(i + 1).filter(b =>
				a.left < b.right - 1 && b.left < a.right - 1 &&
				a.top < b.bottom - 1 && b.top < a.bottom - 1));
		});
		return boxes.length;
	}), 0);
	await checkBlocks(page, "on a phone");
	await page.evaluate(openAll);
	is("on a phone nothing is wider than the screen",
		await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
		true);
	await page.context().close();
};
const checkWeek = async browser => {
	const page = await newPage(browser, "week.html");
	await page.evaluate(openAll);
	is("the lines of a message that took days have their times",
		await page.evaluate(`[...document.querySelectorAll(".a")].map(
			line => line.firstChild.textContent)`),
		["0.000", "0.000", "0.100", "7.100", "518400.100", "518407.100",
			"518407.100"]);
	is("each is one row", await page.evaluate(`new Set([...document
		.querySelectorAll(".a")].map(line => line.clientHeight)).size`), 1);
	for (const width of [1280, 800, 360]) {
		await page.setViewportSize({ width, height: 900 });
		is(`its seconds are not cut, ${width} pixels`, await page.evaluate(`(() => {
			const cell = document.querySelector("summary .s");
			return cell.scrollWidth - cell.clientWidth;
		})()`), 0);
	}
	await page.context().close();
};
const checkAxe = async browser => {
	for (const name of ["small.html", "messages.html", "hostile.html"])
		for (const colorScheme of ["light", "dark"])
			is(`axe finds nothing: ${name}, ${colorScheme}`,
				await violations(browser, name, { colorScheme }), "");
};
const hostile = `({
	scripts: document.scripts.length,
	loaded: document.querySelectorAll("img, iframe, object, link, [onclick]").length,
	boxes: document.querySelectorAll("pre b").length > 0,
	rows: document.querySelectorAll("#list details").length
})`;
const harmless = { scripts: 1, loaded: 0, boxes: true, rows: 2 };
/* Looks at pages with axe, and returns the colour of their paper. */
const checkFirefoxLooks = async (page, colorScheme) => {
	for (const name of ["small.html", "messages.html", "hostile.html"]) {
		await page.goto(url(name));
		await page.evaluate(fs.readFileSync(axe, "utf8") + ";0");
		is(`Firefox: axe finds nothing: ${name}, ${colorScheme}`,
			await page.evaluate(runAxe), "");
	}
	return page.evaluate(paper);
};
const checkFirefox = async () => {
	let page = await firefox.open(dir, findings, "light");

	await page.goto(url(`page.html#s${target}`));
	is("Firefox: each session is a row", await page.evaluate(visible),
		sessions.length);
	is("Firefox: a deep link opens its session",
		await page.evaluate(isOpen), true);
	await page.press("k");
	await page.press("o");
	is("Firefox: keys move and open", await page.evaluate(
		`document.activeElement.closest("details").open`), true);
	await page.evaluate(`{
		const filter = document.querySelector("#filter");
		filter.value = "greylisted";
		filter.dispatchEvent(new Event("input"));
	}`);
	is("Firefox: a filter shows the sessions with a word",
		await page.evaluate(`new Promise(resolve => setTimeout(() =>
			resolve(${visible}), 50))`), has("greylisted"));
	is("Firefox: the ladders have the lines of text",
		await page.evaluate(openAll), wantedLines);
	await page.goto(url("hostile.html"));
	await page.evaluate(openAll);
	is("Firefox: a hostile log is text", await page.evaluate(
		`JSON.stringify(${hostile})`), JSON.stringify(harmless));
	const light = await checkFirefoxLooks(page, "light");
	await page.close();
	page = await firefox.open(dir, findings, "dark");
	is("Firefox: dark differs from light",
		await checkFirefoxLooks(page, "dark") != light, true);
	await page.goto(url(`page.html#s${target}`));
	fs.writeFileSync(path.join(dir, "firefox.pdf"), await page.pdf());
	await page.close();
};

(async () => {
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium", args: ["--no-sandbox"],
		timeout: 120000 });
	await checkChromium(browser);
	const page = await newPage(browser, "hostile.html");
	await page.evaluate(openAll);
	is("a hostile log is text", await page.evaluate(hostile), harmless);
	await page.context().close();
	await checkWeek(browser);
	await checkAxe(browser);
	await browser.close();
	await checkFirefox();
	is("nothing is requested, logged or asked in either browser", findings, []);
})().catch(error => {
	console.log(`1 all checks run\n# ${error.stack.replace(/\n/g, "\n# ")}`);
	process.exit(1);
});
