import type { NumberedRequest } from './messages.ts';
import { WorkerService } from './worker-service.ts';

/** The process in which a device is tried: a driver that hangs or crashes takes nothing else with it. */

const service = new WorkerService();

process.on('message', async (numbered: NumberedRequest) => {
  process.send?.(await service.reply(numbered));
});
