import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress } from '#cli/terminal/progress.ts';
import { Terminal } from '#cli/terminal/terminal.ts';

class Screen extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 66;
  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }
  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('progress', () => {
  test('is a bar on a terminal, no wider than it, and gone in the end', () => {
    const screen = new Screen(true);
    {
      using progress = new Progress(new Terminal(new Screen(false), screen), 'analysing');
      vi.advanceTimersByTime(1000);
      progress.update(1, 4, '3 views/s');
    }
    const [, drawn = '', last] = screen.text.split('\r\u001b[2K');
    expect(drawn).toMatch(/^analysing {2}▕█{6} {18}▏ {3}25 % {2}3 views\/s {2}3\.0 s le/);
    expect(drawn).toHaveLength(65);
    expect(last).toBe('');
  });

  test('is drawn no more often than the eye follows', () => {
    const screen = new Screen(true);
    using progress = new Progress(new Terminal(new Screen(false), screen), 'analysing');
    for (let i = 0; i < 100; i++) {
      vi.advanceTimersByTime(1);
      progress.update(i, 100);
    }
    expect(screen.text.split('\r').length - 1).toBe(2);
  });

  test('is a plain line now and then elsewhere', () => {
    const screen = new Screen(false);
    using progress = new Progress(new Terminal(new Screen(false), screen), 'analysing');
    for (let i = 1; i <= 12; i++) {
      vi.advanceTimersByTime(1000);
      progress.update(i, 20);
    }
    expect(screen.text).toBe('analysing   25 %  15 s left\nanalysing   50 %  10 s left\n');
  });
});
