/*
 * Drives Firefox by WebDriver BiDi, in light or dark (colorScheme), with a new
 * profile in a directory. A page has evaluate, goto, press and pdf; what it logs
 * and requests is collected in `findings`.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { spawn } = require("child_process");
const { ws: WebSocket } = require("playwright-core/lib/utilsBundle");

const start = (command, args) => new Promise((resolve, reject) => {
	const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
	let text = "";
	child.on("error", reject);
	child.on("exit", code => reject(new Error(`${command}: ${code}\n${text}`)));
	child.stderr.on("data", data => {
		text += data;
		const found = /WebDriver BiDi listening on (ws:\S+)/.exec(text);
		if (found)
			resolve({ child, address: `${found[1]}/session` });
	});
});

const connect = address => new Promise((resolve, reject) => {
	const socket = new WebSocket(address);
	const waiting = new Map(), listeners = [];
	let number = 0;
	socket.on("error", reject);
	socket.on("message", data => {
		const message = JSON.parse(data);
		const answer = waiting.get(message.id);
		waiting.delete(message.id);
		if (message.type == "event")
			listeners.forEach(listener => listener(message));
		else if (answer && message.type == "success")
			answer.resolve(message.result);
		else if (answer)
			answer.reject(new Error(message.message));
	});
	socket.on("open", () => resolve({
		listen: listener => listeners.push(listener),
		send: (method, params) => new Promise((resolve, reject) => {
			waiting.set(++number, { resolve, reject });
			socket.send(JSON.stringify({ id: number, method, params }));
		}),
		close: () => socket.close()
	}));
});

exports.open = async (directory, findings, colorScheme) => {
	const profile = fs.mkdtempSync(path.join(directory, "profile"));
	fs.writeFileSync(path.join(profile, "user.js"),
		`user_pref("layout.css.prefers-color-scheme.content-override", ${
			colorScheme == "dark" ? 0 : 1});\n`);
	const { child, address } = await start("firefox-esr", ["--headless",
		"--profile", profile, "--remote-debugging-port", "0", "about:blank"]);
	const browser = await connect(address);
	await browser.send("session.new", { capabilities: {} });
	await browser.send("session.subscribe", { events: ["log.entryAdded",
		"network.beforeRequestSent", "browsingContext.userPromptOpened"] });
	browser.listen(({ method, params }) => {
		const url = params.request?.url ?? "";
		if (method != "network.beforeRequestSent")
			findings.push(`${method} ${params.text ?? params.message}`);
		else if (!/^(file:|about:|chrome:|resource:|data:)/.test(url))
			findings.push(`request ${url}`);
	});
	const { contexts } = await browser.send("browsingContext.getTree", {});
	const context = contexts[0].context;
	return {
		goto: url => browser.send("browsingContext.navigate",
			{ context, url, wait: "complete" }),
		evaluate: async expression => {
			const { result, exceptionDetails } = await browser.send(
				"script.evaluate", { expression, target: { context },
					awaitPromise: true });
			if (exceptionDetails)
				throw new Error(exceptionDetails.text);
			return result.value;
		},
		pdf: async () => Buffer.from((await browser.send(
			"browsingContext.print", { context })).data, "base64"),
		press: key => browser.send("input.performActions", { context,
			actions: [{ type: "key", id: "keyboard", actions: [
				{ type: "keyDown", value: key },
				{ type: "keyUp", value: key }] }] }),
		close: async () => {
			const gone = new Promise(resolve => child.on("exit", resolve));
			await browser.send("browser.close", {}).catch(() => 0);
			browser.close();
			setTimeout(() => child.kill("SIGKILL"), 10000).unref();
			await gone;
		}
	};
};
