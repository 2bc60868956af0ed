/**
 * A small page at `/`, in one piece: no other file, no other host. Its style and script are allowed by their hashes,
 * so the content security policy can refuse everything else.
 */
import { createHash } from 'node:crypto';
import { LANDING_SCRIPT } from './landing-script.ts';
import { LANDING_STYLE } from './landing-style.ts';

const COLUMNS = ['severity', 'title', 'site', 'start', 'state'];

const HTML = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>stackwarden</title>
<link rel="icon" href="data:,">
<style>${LANDING_STYLE}</style>
</head>
<body>
<header><h1>stackwarden</h1><button id="language" type="button" data-text="other">English</button></header>
<main>
<p data-text="about"></p>
<nav aria-label="API">
<a href="/api/v1/openapi.json" data-text="docs">OpenAPI</a>
<a href="/api/v1/schemas" data-text="schemas">JSON Schema</a>
<a href="/health/ready" data-text="ready">health</a>
</nav>
<h2 id="heading" data-text="findings">Findings</h2>
<form id="form" hidden>
<label for="key" data-text="key">API key</label>
<input id="key" type="password" autocomplete="off" required>
<button type="submit" data-text="show">Show</button>
</form>
<p id="status" role="status"></p>
<div id="table" hidden>
<table role="table" aria-labelledby="heading">
<thead role="rowgroup"><tr role="row">
${COLUMNS.map((word) => `<th role="columnheader" scope="col" data-text="${word}"></th>`).join('\n')}
</tr></thead>
<tbody role="rowgroup" id="rows"></tbody>
</table>
</div>
</main>
<script type="module">${LANDING_SCRIPT}</script>
</body>
</html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const LANDING_PAGE = { html: HTML, styleHash: hashOf(LANDING_STYLE), scriptHash: hashOf(LANDING_SCRIPT) };
