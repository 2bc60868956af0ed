import { used } from '../contracts/words.ts';
import { load as parse } from 'js-yaml';
import { undeclared } from 'semver';

parse(used);
undeclared();
