import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand, SetUpError } from './run-command.mjs';

/** ffmpeg and ffprobe: nothing works without them. */
export async function ensureFfmpeg() {
  const { FFMPEG_PATH, FFPROBE_PATH } = process.env;
  const there = () => isProgram('ffmpeg', FFMPEG_PATH) && isProgram('ffprobe', FFPROBE_PATH);
  if (there()) return;
  for (const [name, path] of Object.entries({ FFMPEG_PATH, FFPROBE_PATH })) {
    if (path && !isProgram('', path)) throw new SetUpError(`${name} is set to ${path}, which is no program.`);
  }
  if ((await installWithApt(['ffmpeg'])) && there()) return;
  throw new SetUpError(`Patchlight reads videos with ffmpeg and ffprobe, and did not find them.\n${advice.ffmpeg()}`);
}

/**
 * A graphics driver in software, so that the tests of the WebGPU provider run on a machine without a graphics card.
 * They are skipped, and say so, where it is missing.
 */
export async function offerSoftwareVulkan() {
  if (process.platform !== 'linux') return;
  const markers = [
    ['chromium', () => existsSync('/usr/lib/chromium/vk_swiftshader_icd.json')],
    ['libvulkan1', () => libraryFolders().some((folder) => existsSync(join(folder, 'libvulkan.so.1')))],
    ['mesa-vulkan-drivers', () => existsSync('/usr/share/vulkan/icd.d')],
    ['fonts-dejavu-core', () => existsSync('/usr/share/fonts')],
  ];
  const missing = () => markers.filter(([, there]) => !there()).map(([name]) => name);
  const wanted = missing();
  if (wanted.length === 0 || ((await installWithApt(wanted)) && missing().length === 0)) return;
  console.error(`Tests of the WebGPU provider may be skipped: no Vulkan driver in software.\n${advice.vulkan()}`);
}

/** One line for the system at hand. */
const advice = {
  ffmpeg: () =>
    `Install them and start again:  ${forThisSystem({
      'apt-get': 'sudo apt-get install ffmpeg',
      dnf: 'sudo dnf install ffmpeg-free',
      pacman: 'sudo pacman -S ffmpeg',
      brew: 'brew install ffmpeg',
      winget: 'winget install Gyan.FFmpeg',
    })}\nOr set FFMPEG_PATH and FFPROBE_PATH to the two programs.`,
  vulkan: () =>
    `For all tests:  ${forThisSystem({
      'apt-get': 'sudo apt-get install chromium fonts-dejavu-core mesa-vulkan-drivers libvulkan1',
      dnf: 'sudo dnf install chromium dejavu-sans-fonts mesa-vulkan-drivers vulkan-loader',
      pacman: 'sudo pacman -S chromium ttf-dejavu vulkan-swrast vulkan-icd-loader',
    })}`,
};

function forThisSystem(commands) {
  if (process.platform === 'win32') return commands.winget;
  if (process.platform === 'darwin') return commands.brew;
  const manager = Object.keys(commands).find((name) => isProgram(name));
  return manager ? commands[manager] : `with your package manager, as on Debian: ${commands['apt-get']}`;
}

/** True when the packages were installed: on Debian and Ubuntu, as root; anywhere else nothing is touched. */
async function installWithApt(packages) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isProgram('apt-get')) return false;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const apt = async (...args) => (await runCommand('apt-get', ['-q', '-y', ...args], { env, stdout: 2 })) === 0;
  const install = () => apt('install', '--no-install-recommends', ...packages);
  if (!packageListsThere() && !(await apt('update'))) return false;
  for (const name of packages) {
    // Ubuntu has no Chromium package, only a snap.
    if ((await runCommand('apt-cache', ['show', name], { stdout: 'ignore' })) !== 0) return false;
  }
  console.error(`Installing ${packages.join(', ')} with apt-get …`);
  // Old lists name versions that are gone.
  return (await install()) || ((await apt('update')) && (await install()));
}

function packageListsThere() {
  try {
    return readdirSync('/var/lib/apt/lists').some((name) => name.includes('_Packages'));
  } catch {
    return false;
  }
}

function libraryFolders() {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch] ?? process.arch;
  return [`/usr/lib/${machine}-linux-gnu`, '/usr/lib64', '/usr/lib', '/usr/local/lib'];
}

/** True when `configured`, or else `name` on PATH, is a file that can be run. */
function isProgram(name, configured) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => endings.map((e) => join(folder, name + e)));
  return (configured ? [configured] : onPath).some((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
