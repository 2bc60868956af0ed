/** What each stage gives at `/metrics`, by the job under which it is asked: made by the code that makes it there. */
import type { Follower } from '../../backends/kafka/follow-topics.ts';
import { createDetectFigures } from '../../backends/kafka/detect-figures.ts';
