import sharp from 'sharp';
import { READERS } from './image-formats.ts';

// Opened images are not kept, so that memory is that of the image at hand; and files can be anybody's, so that only what
// reads pixels is let near them.
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: [...READERS] });

/** libvips, as every image is read: nothing else of the program names the library. */
export { sharp };
