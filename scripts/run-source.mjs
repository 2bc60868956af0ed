// Entry of a thread that runs sources: threads do not inherit the loader of whoever starts them. Not part of a build.
import { register } from 'tsx/esm/api';

register();
await import(String(process.argv[2]));
