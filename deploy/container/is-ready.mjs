/** Healthcheck of a stage in its container, where there is no curl: ends with 0 when it says that it is ready. */
const [port = '8080'] = process.argv.slice(2);
const WITHIN_MS = 5_000;
try {
  const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(WITHIN_MS) });
  process.exitCode = status === 200 ? 0 : 1;
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
