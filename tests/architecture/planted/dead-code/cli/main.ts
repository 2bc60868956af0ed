import { used } from '../contracts/words.ts';
import { parse } from 'yaml';
import { undeclared } from 'semver';

parse(used);
undeclared();
