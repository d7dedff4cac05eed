import { exploreAll } from './exploreAll.js';

exploreAll(['crash loops in a canary', 'crash loops in blue-green']);
