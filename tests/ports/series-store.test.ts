import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import { newBucket } from '../influx/new-bucket.ts';
import { needInflux } from '../servers/addresses.ts';
import { describeSeriesStore } from './series-store.suite.ts';
import { openSqliteSeries } from './sqlite-series.ts';

describeSeriesStore('sqlite', openSqliteSeries);

describeSeriesStore(
  'influx',
  async (context) => ({
    store: new InfluxSeriesStore(await newBucket(needInflux(context))),
    close: async () => {},
  }),
  openSqliteSeries,
);
