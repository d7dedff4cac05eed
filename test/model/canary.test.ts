import { exploreAll } from './exploreAll.js';

exploreAll(['a canary', 'dynamicStableScale', 'header routes', 'blue-green']);
