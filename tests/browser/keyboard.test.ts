import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { COMMANDS, MENUS } from '#contract/commands.ts';
import { appInBrowser } from '../fixtures/browser/app-in-browser.ts';
import { violationsOf } from '../fixtures/browser/axe.ts';
import { describeInBrowser } from '../fixtures/browser/chromium.ts';

const app = appInBrowser();

const overlay = (page: Page) => page.getByRole('dialog', { name: 'Keyboard' });

describeInBrowser('the overlay of keys', () => {
  test.each([
    ['dark', 1280, 800],
    ['light', 900, 700],
  ] as const)('shows every command with its keys, %s', async (colorScheme, width, height) => {
    await using shown = await app.open({ colorScheme, viewport: { width, height } });
    const { page, complaints } = shown;
    await page.keyboard.press('?');
    await overlay(page).waitFor();
    for (const menu of MENUS) {
      const commands = COMMANDS.filter((command) => command.menu === menu);
      const section = overlay(page).getByRole('region', { name: menu, exact: true });
      expect(await section.getByRole('term').allTextContents()).toEqual(commands.map(({ title }) => title));
      expect(await section.locator('kbd').count()).toBe(commands.flatMap(({ keys }) => keys).length);
    }
    // Nothing is cut off at the sides.
    const [inner, outer] = await overlay(page)
      .locator('.content')
      .evaluate((element) => [element.scrollWidth, element.clientWidth]);
    expect(inner).toBeLessThanOrEqual(outer!);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('finds commands by what they are called and by their keys', async () => {
    await using shown = await app.open();
    const { page } = shown;
    await page.keyboard.press('?');
    // It begins with the focus where one writes.
    await page.keyboard.type('overlay heat');
    await expect.poll(() => overlay(page).getByRole('term').allTextContents()).toEqual(['Heat Map']);
    await overlay(page).getByRole('searchbox').fill('ctrl+o');
    await expect.poll(() => overlay(page).getByRole('term').allTextContents()).toEqual(['Open Videos…']);
    await overlay(page).getByRole('searchbox').fill('no such thing');
    await page.getByText('No command has “no such thing”.').waitFor();
  });

  test('closes with the key that opens it and with Escape, and gives the focus back', async () => {
    await using shown = await app.open();
    const { page } = shown;
    const queue = page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Queue' });
    await queue.focus();
    for (const key of ['?', 'Escape']) {
      await page.keyboard.press('?');
      await overlay(page).waitFor();
      await page.keyboard.press(key);
      await expect.poll(() => overlay(page).count()).toBe(0);
      expect(await queue.evaluate((button) => button === document.activeElement)).toBe(true);
    }
    await page.getByRole('button', { name: 'Keys' }).click();
    await overlay(page).getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => overlay(page).count()).toBe(0);
  });

  test('every screen is reached by its key', async () => {
    await using shown = await app.open();
    const { page, complaints } = shown;
    const current = () =>
      page.getByRole('navigation', { name: 'Screens' }).locator('[aria-current]').first().textContent();
    const inOrder = ['Analyse', 'Compare', 'Image', 'Models', 'Queue'];
    const rail = await page.getByRole('navigation', { name: 'Screens' }).getByRole('button').allTextContents();
    expect(rail.slice(0, inOrder.length).map((name) => name.trim())).toEqual(inOrder);
    for (const [key, name] of [
      ...inOrder.toReversed().map((name, i) => [`Control+${inOrder.length - i}`, name] as const),
      ['Control+,', 'Settings'],
      ['Shift+Digit1', 'Analyse'],
      ['Shift+Digit5', 'Queue'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(current).toContain(name);
    }
    expect(complaints).toEqual([]);
  });
});
