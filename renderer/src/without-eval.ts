import { z } from 'zod';

// Zod would try whether it may make functions of text, which the page's policy refuses and the browser complains about.
z.config({ jitless: true });
