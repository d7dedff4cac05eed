import { exploreAll } from './exploreAll.js';

exploreAll(['two routers', 'subsets']);
